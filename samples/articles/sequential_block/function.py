"""The Sequential block of the articles: convolution, normalisation, activation, pooling, dropout."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.block_0_weight = nn.Parameter(torch.empty(64, 3, 3, 3))
        self.block_0_bias = nn.Parameter(torch.empty(64))
        self.block_1_weight = nn.Parameter(torch.ones(64))
        self.block_1_bias = nn.Parameter(torch.zeros(64))
        self.register_buffer('block_1_running_mean', torch.zeros(64))
        self.register_buffer('block_1_running_var', torch.ones(64))
        self.register_buffer('block_1_num_batches_tracked', torch.tensor(0, dtype=torch.long))
        nn.init.kaiming_uniform_(self.block_0_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.block_0_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.block_0_bias, -bound, bound)

    def block(self, x):
        x = F.conv2d(x, self.block_0_weight, self.block_0_bias, padding=1)
        if self.training:
            self.block_1_num_batches_tracked.add_(1)
        x = F.batch_norm(
            x,
            self.block_1_running_mean,
            self.block_1_running_var,
            self.block_1_weight,
            self.block_1_bias,
            training=self.training,
        )
        x = F.relu(x)
        x = F.max_pool2d(x, 2)
        x = F.dropout(x, 0.2, training=self.training)
        return x

    def forward(self, x):
        return self.block(x)
