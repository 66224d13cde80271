import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.BatchNorm2d(128, 1e-3)
        self.two = nn.BatchNorm2d(128, momentum=0.8)
        self.three = nn.BatchNorm2d(128, 0.001, 0.99)
        self.four = nn.BatchNorm2d(128, eps=0.8)

    def forward(self, x):
        return self.four(self.three(self.two(self.one(x))))


class Found(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn = nn.BatchNorm2d(128, 0.8)

    def forward(self, x):
        return self.bn(x)
