# Each turn of the loop makes a new layer.
# nnflip convert --to module
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, times):
        super().__init__()
        for _ in range(times):
            self.weight = nn.Parameter(torch.rand(3, 3))

    def forward(self, x):
        return F.linear(x, self.weight)
