"""Upsampling by interpolation."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        x = F.interpolate(x, scale_factor=2, mode='bilinear', align_corners=False)
        return F.interpolate(x, size=(5, 7))


def get_inputs():
    return [torch.rand(1, 8, 3, 3)]
