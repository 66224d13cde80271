import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.LogSoftmax(1)

    def forward(self, x):
        return self.last(F.softmax(x, dim=-1))


class Found(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.LogSoftmax()

    def forward(self, x):
        return self.last(F.softmax(x))
