# A parameter that a module is given becomes part of its state; a plain tensor does not.
# nnflip convert --to module
import torch
import torch.nn as nn
import torch.nn.functional as F

weight = torch.randn(3, 2, requires_grad=True)


def net(x):
    return F.linear(x, weight)


class Penalty(nn.Module):
    def __init__(self, tensor):
        super().__init__()
        self.tensor = tensor

    def forward(self, loss):
        return loss + self.tensor.pow(2).sum()


penalty = Penalty(weight)
print(penalty(net(torch.ones(1, 2)).sum()))
