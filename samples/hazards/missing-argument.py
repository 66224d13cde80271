import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.MaxPool2d(2)

    def forward(self, x, *sizes):
        try:
            x = F.max_pool2d(x)
        except TypeError:
            pass
        return F.max_pool2d(self.pool(F.avg_pool2d(x, kernel_size=2)), *sizes)


class Found(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.MaxPool2d()

    def forward(self, x):
        return F.max_pool2d(self.pool(x))
