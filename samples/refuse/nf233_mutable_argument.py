# A module reads the argument once, when it is constructed.
# nnflip convert --to module
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.slope = 0.1

    def anneal(self):
        self.slope *= 0.9

    def forward(self, x):
        return F.leaky_relu(x, self.slope)
