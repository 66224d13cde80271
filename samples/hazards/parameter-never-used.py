import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(8, 8))
        self.dummy_param = nn.Parameter(torch.zeros(1))
        self.where = nn.Parameter(torch.empty(0))
        self.logit_scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return F.linear(x, self.weight)


def loss(net, x):
    return (net(x) * net.logit_scale).sum()


class Found(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(8, 8))
        self.temperature = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return F.linear(x, self.weight)
