"""A loss inside the model: its class weights are a buffer in either style."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(6, 4)
        self.loss = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 0.5, 1.0]), label_smoothing=0.1)

    def forward(self, x, target):
        x = self.head(x)
        return self.loss(x, target)


def get_inputs():
    return [torch.rand(5, 6), torch.randint(0, 4, (5,))]
