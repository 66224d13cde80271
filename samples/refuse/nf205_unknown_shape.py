# The constructor's sizes are solved from the parameter's shape.
# nnflip convert --to module
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.weight = nn.Parameter(weight)

    def forward(self, x):
        return F.linear(x, self.weight)
