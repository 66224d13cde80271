"""The same numbers in another shape: nn.Flatten begins at axis 1, torch.flatten at axis 0."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.pixel_shuffle = nn.PixelShuffle(2)
        self.flatten = nn.Flatten(1)
        self.unflatten = nn.Unflatten(1, (3, 12))

    def forward(self, x):
        x = self.pixel_shuffle(x)
        x = self.flatten(x)
        return self.unflatten(x)


def get_inputs():
    return [torch.rand(2, 4, 3, 3)]
