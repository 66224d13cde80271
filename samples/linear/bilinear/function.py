"""Two inputs meet in a Bilinear; a Linear without a bias follows."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.meet_weight = nn.Parameter(torch.empty(8, 6, 5))
        self.meet_bias = nn.Parameter(torch.empty(8))
        self.out_weight = nn.Parameter(torch.empty(3, 8))
        self.reset_parameters()

    def reset_parameters(self):
        bound = 1 / math.sqrt(self.meet_weight.size(1))
        nn.init.uniform_(self.meet_weight, -bound, bound)
        bound = 1 / math.sqrt(self.meet_weight.size(1))
        nn.init.uniform_(self.meet_bias, -bound, bound)
        nn.init.kaiming_uniform_(self.out_weight, a=math.sqrt(5))

    def forward(self, a, b):
        x = torch.tanh(F.bilinear(a, b, self.meet_weight, self.meet_bias))
        return F.linear(x, self.out_weight)


def get_inputs():
    return [torch.rand(4, 6), torch.rand(4, 5)]
