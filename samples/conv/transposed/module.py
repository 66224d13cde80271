"""A transposed convolution's weight has its input's channels first, in either style."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1)

    def forward(self, x):
        return self.up(x)


def get_inputs():
    return [torch.rand(2, 4, 5, 5)]
