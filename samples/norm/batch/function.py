"""Batch norms: the second averages over all batches so far, by the number it has counted."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv_weight = nn.Parameter(torch.empty(4, 3, 3, 3))
        self.conv_bias = nn.Parameter(torch.empty(4))
        self.bn_weight = nn.Parameter(torch.ones(4))
        self.bn_bias = nn.Parameter(torch.zeros(4))
        self.register_buffer('bn_running_mean', torch.zeros(4))
        self.register_buffer('bn_running_var', torch.ones(4))
        self.register_buffer('bn_num_batches_tracked', torch.tensor(0, dtype=torch.long))
        self.head_weight = nn.Parameter(torch.empty(4, 4, 1, 1))
        self.head_bias = nn.Parameter(torch.empty(4))
        self.reset_parameters()
        self.register_buffer('slow_running_mean', torch.zeros(4))
        self.register_buffer('slow_running_var', torch.ones(4))
        self.register_buffer('slow_num_batches_tracked', torch.tensor(0, dtype=torch.long))

    def reset_parameters(self):
        nn.init.kaiming_uniform_(self.conv_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.conv_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.conv_bias, -bound, bound)
        nn.init.kaiming_uniform_(self.head_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.head_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.head_bias, -bound, bound)

    def forward(self, x):
        x = F.conv2d(x, self.conv_weight, self.conv_bias)
        if self.training:
            self.bn_num_batches_tracked.add_(1)
        x = F.batch_norm(
            x,
            self.bn_running_mean,
            self.bn_running_var,
            self.bn_weight,
            self.bn_bias,
            training=self.training,
            eps=0.001,
        )
        x = F.conv2d(x, self.head_weight, self.head_bias)
        if self.training:
            self.slow_num_batches_tracked.add_(1)
        return F.batch_norm(
            x,
            self.slow_running_mean,
            self.slow_running_var,
            training=self.training,
            momentum=1 / max(self.slow_num_batches_tracked.item(), 1),
        )


def get_inputs():
    return [torch.rand(4, 3, 8, 8)]
