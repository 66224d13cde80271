"""The same numbers in another shape: nn.Flatten begins at axis 1, torch.flatten at axis 0."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        x = F.pixel_shuffle(x, 2)
        x = torch.flatten(x, 1)
        return torch.unflatten(x, 1, (3, 12))


def get_inputs():
    return [torch.rand(2, 4, 3, 3)]
