"""The last linear layer of a classifier and its loss in one."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.loss = nn.LinearCrossEntropyLoss(6, 4, bias=True, label_smoothing=0.1)

    def forward(self, x, target):
        return self.loss(x, target)


def get_inputs():
    return [torch.randn(5, 6), torch.tensor([0, 3, 1, 2, 3])]
