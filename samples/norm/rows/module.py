"""Norms over the last axes and over groups of channels keep no statistics."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(6)
        self.groups = nn.GroupNorm(2, 4, bias=False)
        self.rms_norm = nn.RMSNorm((4, 6), elementwise_affine=False)

    def forward(self, x):
        x = self.norm(x)
        x = self.groups(x)
        return self.rms_norm(x)


def get_inputs():
    return [torch.rand(3, 4, 6)]
