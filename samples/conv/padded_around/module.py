"""Padding other than zeros is F.pad before the convolution; what only __init__ knows stays on self."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, stride=2):
        super().__init__()
        self.ring = nn.Conv1d(3, 8, 5, padding=2, padding_mode='circular')
        self.down = nn.Conv1d(8, 8, 3, stride=stride, groups=4)

    def forward(self, x):
        x = self.ring(x)
        return self.down(x)


def get_inputs():
    return [torch.rand(2, 3, 16)]
