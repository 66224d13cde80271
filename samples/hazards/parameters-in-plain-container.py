import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self):
        super().__init__()
        self.weights = nn.ParameterList([nn.Parameter(torch.randn(8)) for _ in range(3)])
        parts = [nn.Parameter(torch.randn(8))]
        self.more = nn.ParameterList(parts)

    def forward(self, x):
        return x + self.weights[0] + self.more[0]


class Found(nn.Module):
    def __init__(self):
        super().__init__()
        self.weights = [nn.Parameter(torch.randn(8)) for _ in range(3)]

    def forward(self, x):
        return x + self.weights[0]
