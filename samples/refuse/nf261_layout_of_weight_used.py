# The rows of the weight are the inputs here, and would be the outputs of nn.Linear.
# nnflip convert --to module --respell
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.rand(8, 4))

    def forward(self, x):
        return x @ self.w

    def shrink(self):
        self.w.data[0] = 0
