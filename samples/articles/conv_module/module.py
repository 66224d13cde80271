"""A convolution as module and as function, on inputs of 64×3×H×W."""

import torch.nn as nn


class Conv(nn.Module):
    def __init__(self, in_channels=3, out_channels=16, bias=True):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, 3, stride=2, padding=1, bias=bias)

    def forward(self, x):
        return self.conv(x)
