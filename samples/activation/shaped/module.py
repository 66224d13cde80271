"""Activations with settings; PReLU's slope is a parameter."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.slope = nn.PReLU(5, init=0.1)
        self.leaky_relu = nn.LeakyReLU(0.2)
        self.gelu = nn.GELU(approximate='tanh')
        self.softmax = nn.Softmax(dim=-1)

    def forward(self, x):
        x = self.slope(x)
        x = self.leaky_relu(x)
        x = self.gelu(x)
        return self.softmax(x)


def get_inputs():
    return [torch.rand(4, 5)]
