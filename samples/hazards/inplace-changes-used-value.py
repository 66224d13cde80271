import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self):
        super().__init__()
        self.relu = nn.ReLU(inplace=True)
        self.plain = nn.ReLU()
        self.bn = nn.BatchNorm1d(8)

    def forward(self, x):
        identity = x
        x = self.relu(self.bn(x))
        y = self.plain(x)
        y = y + x
        F.relu_(y)
        z = F.relu(y, inplace=True)
        return z.view(y.size(0), -1) + identity


class Found(nn.Module):
    def __init__(self):
        super().__init__()
        self.relu = nn.ReLU(inplace=True)
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        identity = x
        x = self.relu(x)
        x = self.fc(x) + identity
        y = F.relu(x, inplace=True)
        return x + y
