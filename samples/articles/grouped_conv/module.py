"""Grouped convolution of an 8×32×100×100 input: with groups=8 each filter sees 4 of the 32 channels."""

import torch.nn as nn


class Grouped(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(32, 64, 3, padding=1, groups=8)

    def forward(self, x):
        return self.conv(x)
