# The call would fail or mean something else with a weight of this shape.
# nnflip convert --to module
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(512, 10))
        self.bias = nn.Parameter(torch.rand(10))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)
