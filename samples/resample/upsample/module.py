"""Upsampling by interpolation."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.interpolate = nn.Upsample(scale_factor=2, mode='bilinear', align_corners=False)
        self.interpolate_1 = nn.Upsample(size=(5, 7))

    def forward(self, x):
        x = self.interpolate(x)
        return self.interpolate_1(x)


def get_inputs():
    return [torch.rand(1, 8, 3, 3)]
