"""Grouped convolution of an 8×32×100×100 input: with groups=8 each filter sees 4 of the 32 channels."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Grouped(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv_weight = nn.Parameter(torch.empty(64, 4, 3, 3))
        self.conv_bias = nn.Parameter(torch.empty(64))
        nn.init.kaiming_uniform_(self.conv_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.conv_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.conv_bias, -bound, bound)

    def forward(self, x):
        return F.conv2d(x, self.conv_weight, self.conv_bias, padding=1, groups=8)
