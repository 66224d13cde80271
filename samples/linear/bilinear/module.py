"""Two inputs meet in a Bilinear; a Linear without a bias follows."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.meet = nn.Bilinear(6, 5, 8)
        self.out = nn.Linear(8, 3, bias=False)
        self.tanh = nn.Tanh()

    def forward(self, a, b):
        x = self.tanh(self.meet(a, b))
        return self.out(x)


def get_inputs():
    return [torch.rand(4, 6), torch.rand(4, 5)]
