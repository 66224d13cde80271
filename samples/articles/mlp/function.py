"""The MLP of the articles, with the dropout that eval() switches off."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1_weight = nn.Parameter(torch.empty(256, 512))
        self.fc1_bias = nn.Parameter(torch.empty(256))
        self.fc2_weight = nn.Parameter(torch.empty(256, 256))
        self.fc2_bias = nn.Parameter(torch.empty(256))
        self.fc3_weight = nn.Parameter(torch.empty(2, 256))
        self.fc3_bias = nn.Parameter(torch.empty(2))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.kaiming_uniform_(self.fc1_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.fc1_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.fc1_bias, -bound, bound)
        nn.init.kaiming_uniform_(self.fc2_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.fc2_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.fc2_bias, -bound, bound)
        nn.init.kaiming_uniform_(self.fc3_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.fc3_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.fc3_bias, -bound, bound)

    def forward(self, x):
        x = F.dropout(
            F.relu(F.linear(x, self.fc1_weight, self.fc1_bias)), 0.5, training=self.training
        )
        x = F.dropout(
            F.relu(F.linear(x, self.fc2_weight, self.fc2_bias)), 0.5, training=self.training
        )
        return F.linear(x, self.fc3_weight, self.fc3_bias)
