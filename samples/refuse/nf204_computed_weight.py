# A module owns its weight; one that is computed, sampled, passed in or taken from elsewhere has no module twin.
# nnflip convert --to module
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(4, 3))
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return F.linear(x, self.weight * self.scale)
