"""Local response norm: every channel is divided by what its neighbours sum up to."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        return F.local_response_norm(x, 2, alpha=0.01, k=2.0)


def get_inputs():
    return [torch.randn(2, 4, 5, 5)]
