# A module has a train() of its own, with another meaning.
# nnflip convert --to module
import torch
import torch.nn.functional as F


class Net:
    def __init__(self):
        self.w = torch.randn(3, 2, requires_grad=True)

    def __call__(self, x):
        return F.linear(x, self.w)

    def train(self, data):
        for x in data:
            self(x).sum().backward()
