# The module would be made in an __init__, which would take the place of the decorator's.
# nnflip convert --to module
import torch.nn as nn
import torch.nn.functional as F


def with_init(cls):
    cls.__init__ = lambda self: nn.Module.__init__(self)
    return cls


@with_init
class Net(nn.Module):
    def forward(self, x):
        return F.relu(x)
