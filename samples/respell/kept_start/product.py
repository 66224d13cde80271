"""A graph convolution; `--init exact` keeps the numbers that it begins with."""

import math

import torch
import torch.nn as nn


class GraphConvolution(nn.Module):
    def __init__(self, in_features=6, out_features=4, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        if bias:
            self.bias = nn.Parameter(torch.empty(out_features))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        bound = 1.0 / math.sqrt(self.weight.size(1))
        self.weight.data.uniform_(-bound, bound)
        if self.bias is not None:
            self.bias.data.uniform_(-bound, bound)

    def forward(self, x, adjacency):
        out = torch.mm(adjacency, torch.mm(x, self.weight))
        return out if self.bias is None else out + self.bias


def get_inputs():
    return [torch.rand(3, 6), torch.rand(3, 3)]
