# One module has one weight, one bias and one set of arguments.
# nnflip convert --to module
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(3, 3, 3))

    def forward(self, x):
        return F.conv1d(F.conv1d(x, self.weight, padding=1), self.weight)
