"""A convolution as module and as function, on inputs of 64×3×H×W."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Conv(nn.Module):
    def __init__(self, in_channels=3, out_channels=16, bias=True):
        super().__init__()
        self.conv_weight = nn.Parameter(torch.empty(out_channels, in_channels, 3, 3))
        self.conv_bias = nn.Parameter(torch.empty(out_channels)) if bias else None
        nn.init.kaiming_uniform_(self.conv_weight, a=math.sqrt(5))
        if self.conv_bias is not None:
            fan_in = nn.init._calculate_fan_in_and_fan_out(self.conv_weight)[0]
            bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
            nn.init.uniform_(self.conv_bias, -bound, bound)

    def forward(self, x):
        return F.conv2d(x, self.conv_weight, self.conv_bias, stride=2, padding=1)
