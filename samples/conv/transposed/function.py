"""A transposed convolution's weight has its input's channels first, in either style."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.up_weight = nn.Parameter(torch.empty(4, 6, 3, 3))
        self.up_bias = nn.Parameter(torch.empty(6))
        nn.init.kaiming_uniform_(self.up_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.up_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.up_bias, -bound, bound)

    def forward(self, x):
        return F.conv_transpose2d(
            x, self.up_weight, self.up_bias, stride=2, padding=1, output_padding=1
        )


def get_inputs():
    return [torch.rand(2, 4, 5, 5)]
