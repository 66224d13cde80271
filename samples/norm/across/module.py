"""Local response norm: every channel is divided by what its neighbours sum up to."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.local_response_norm = nn.LocalResponseNorm(2, alpha=0.01, k=2.0)

    def forward(self, x):
        return self.local_response_norm(x)


def get_inputs():
    return [torch.randn(2, 4, 5, 5)]
