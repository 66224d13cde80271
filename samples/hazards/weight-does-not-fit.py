import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(8, channels, 3, 3))
        self.grouped = nn.Parameter(torch.randn(8, 1, 3, 3))
        self.bias = nn.Parameter(torch.zeros(8))

    def forward(self, x):
        x = F.conv2d(x, self.weight, self.bias)
        return F.conv2d(x, self.grouped, self.bias, groups=8)


class Found(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(8, 1, 3))
        self.kernel = nn.Parameter(torch.randn(8, 8, 3, 3))
        self.bias = nn.Parameter(torch.zeros(4))

    def forward(self, x):
        x = F.conv2d(x, self.weight)
        return F.conv2d(x, self.kernel, self.bias)
