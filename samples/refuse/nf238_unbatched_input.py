# The function takes channels for the batch where there is none, the module does not.
# nnflip convert --to module
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.weight = nn.Parameter(torch.ones(8))

    def forward(self, x):
        return F.instance_norm(self.conv(x), weight=self.weight)
