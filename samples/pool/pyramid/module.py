"""Poolings, one of them with the indices that unpooling takes."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.max_pool2d = nn.MaxPool2d(2, return_indices=True)
        self.max_unpool2d = nn.MaxUnpool2d(2)
        self.avg_pool2d = nn.AvgPool2d(3, 1, padding=1, count_include_pad=False)
        self.adaptive_avg_pool2d = nn.AdaptiveAvgPool2d((1, 1))

    def forward(self, x):
        small, indices = self.max_pool2d(x)
        x = self.max_unpool2d(small, indices)
        x = self.avg_pool2d(x)
        return self.adaptive_avg_pool2d(x)


def get_inputs():
    return [torch.rand(2, 3, 8, 8)]
