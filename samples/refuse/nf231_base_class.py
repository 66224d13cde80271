# What the base class does with the attributes is not visible here.
# nnflip convert --to functional
import torch.nn as nn


class Counted:
    ...


class Net(nn.Module, Counted):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        return self.head(x)
