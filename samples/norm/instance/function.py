"""Layers that take input with or without a batch, where the function takes the channels for the batch."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv_weight = nn.Parameter(torch.empty(4, 3, 3, 3))
        self.conv_bias = nn.Parameter(torch.empty(4))
        nn.init.kaiming_uniform_(self.conv_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.conv_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.conv_bias, -bound, bound)
        self.norm1_weight = nn.Parameter(torch.ones(4))
        self.norm1_bias = nn.Parameter(torch.zeros(4))
        self.norm2_weight = nn.Parameter(torch.ones(4))
        self.norm2_bias = nn.Parameter(torch.zeros(4))
        self.register_buffer('norm2_running_mean', torch.zeros(4))
        self.register_buffer('norm2_running_var', torch.ones(4))
        self.register_buffer('norm2_num_batches_tracked', torch.tensor(0, dtype=torch.long))

    def norm1(self, x):
        unbatched = x.dim() == 3
        x = F.instance_norm(
            x.unsqueeze(0) if unbatched else x, weight=self.norm1_weight, bias=self.norm1_bias
        )
        return x.squeeze(0) if unbatched else x

    def norm2(self, x):
        unbatched = x.dim() == 3
        x = F.instance_norm(
            x.unsqueeze(0) if unbatched else x,
            self.norm2_running_mean,
            self.norm2_running_var,
            self.norm2_weight,
            self.norm2_bias,
            use_input_stats=self.training,
            eps=0.001,
        )
        return x.squeeze(0) if unbatched else x

    def forward(self, x):
        x = self.norm1(F.conv2d(x, self.conv_weight, self.conv_bias))
        return self.norm2(x)


def get_inputs():
    return [torch.rand(2, 3, 8, 8)]
