"""All padding layers are F.pad: sizes go from the last axis backwards, two for each."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.pad = nn.ReflectionPad2d((1, 2, 0, 1))
        self.pad_1 = nn.ConstantPad2d((1, 1, 1, 1), 0.5)

    def forward(self, x):
        x = self.pad(x)
        return self.pad_1(x)


def get_inputs():
    return [torch.rand(1, 2, 4, 4)]
