"""Dropout of whole channels, of features, and of values that keep their mean and variance."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.dropout2d = nn.Dropout2d(0.3)
        self.alpha_dropout = nn.AlphaDropout(0.1)

    def forward(self, x):
        x = self.dropout2d(x)
        return self.alpha_dropout(x)


def get_inputs():
    return [torch.rand(2, 6, 4, 4)]
