# Functional code has no layer object to ask; sizes that a weight's shape tells, and literals, are written instead.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, stride)

    def forward(self, x):
        return self.conv(x) / self.conv.stride[0]
