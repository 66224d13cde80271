"""Two layers as they are taught: inputs times weights, plus a bias."""

import torch
import torch.nn as nn


class TwoLayers(nn.Module):
    def __init__(self, inputs=8, hidden=6, outputs=4):
        super().__init__()
        self.linear1 = nn.Linear(inputs, hidden)  # (in, out)
        nn.init.normal_(self.linear1.weight)
        nn.init.zeros_(self.linear1.bias)
        self.linear2 = nn.Linear(hidden, outputs, bias=False)
        with torch.no_grad():
            self.linear2.weight.copy_((torch.randn(hidden, outputs) * 0.1).t())
        self.b2 = nn.Parameter(torch.zeros(1, outputs))
        self.relu = nn.ReLU()

    def forward(self, x):
        hidden = self.relu(self.linear1(x))
        return self.linear2(hidden) + self.b2


def get_inputs():
    return [torch.rand(3, 8)]
