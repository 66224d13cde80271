"""Model1 and Model3 of the articles on dropout: nn.Dropout, and F.dropout that follows self.training."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p
        self.fc_weight = nn.Parameter(torch.empty(20, 20))
        self.fc_bias = nn.Parameter(torch.empty(20))
        nn.init.kaiming_uniform_(self.fc_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.fc_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.fc_bias, -bound, bound)

    def forward(self, x):
        return F.dropout(F.linear(x, self.fc_weight, self.fc_bias), self.p, training=self.training)
