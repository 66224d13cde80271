# Parameters and modules of this class are managed by its own code.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(8, 10)

    def __setattr__(self, name, value):
        super().__setattr__(name.lower(), value)

    def forward(self, x):
        return self.head(x)
