# The new code needs lines of its own.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__(); self.head = nn.Linear(8, 10)

    def forward(self, x):
        return self.head(x)
