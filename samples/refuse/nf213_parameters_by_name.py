# Converting changes the names and the order of parameters.
# nnflip convert --to module
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(4, 3))

    def forward(self, x):
        return F.linear(x, self.weight)


def no_decay(net):
    return [parameter for name, parameter in net.named_parameters() if name == "bias"]
