"""ReLU that works in place: the convolution's output is overwritten, its gradient is the same."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class InPlace(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv_weight = nn.Parameter(torch.empty(8, 3, 3, 3))
        self.conv_bias = nn.Parameter(torch.empty(8))
        nn.init.kaiming_uniform_(self.conv_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.conv_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.conv_bias, -bound, bound)

    def forward(self, x):
        return F.relu(F.conv2d(x, self.conv_weight, self.conv_bias), inplace=True)
