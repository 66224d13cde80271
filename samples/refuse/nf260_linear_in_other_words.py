# The sums of a linear layer are added in another order.
# nnflip convert --to module
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.rand(8, 4))
        self.b = nn.Parameter(torch.zeros(4))

    def forward(self, x):
        return x @ self.w + self.b
