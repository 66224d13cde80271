# Code outside the class relies on the attribute that would change.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        return self.head(x)


def freeze(net):
    net.head.weight.requires_grad_(False)
