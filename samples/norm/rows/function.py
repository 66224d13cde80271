"""Norms over the last axes and over groups of channels keep no statistics."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm_weight = nn.Parameter(torch.ones(6))
        self.norm_bias = nn.Parameter(torch.zeros(6))
        self.groups_weight = nn.Parameter(torch.ones(4))

    def forward(self, x):
        x = F.layer_norm(x, (6,), self.norm_weight, self.norm_bias)
        x = F.group_norm(x, 2, self.groups_weight)
        return F.rms_norm(x, (4, 6))


def get_inputs():
    return [torch.rand(3, 4, 6)]
