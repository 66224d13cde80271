import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)

    def forward(self, x):
        y = x.flatten(1)
        x = self.conv(x)
        x = torch.flatten(x, 1)
        x = x.view(-1, 1, 28, 28)
        return self.conv(x), y


class Found(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)

    def forward(self, x):
        x = x.view(x.size(0), -1)
        return self.conv(x)
