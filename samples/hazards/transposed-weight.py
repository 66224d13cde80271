import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(10, 32))
        self.square = nn.Parameter(torch.randn(10, 10))
        self.bias = nn.Parameter(torch.zeros(10))

    def forward(self, x):
        return F.linear(F.linear(x, self.weight, self.bias), self.square, self.bias)


class Found(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(32, 10))
        self.bias = nn.Parameter(torch.zeros(10))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)
