import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)
        self.bn = nn.BatchNorm2d(3)

    def forward(self, x):
        out = self.bn(self.conv(x))
        out += x
        out = F.relu(self.conv(out))
        out = out + x
        out = F.leaky_relu(self.conv(out))
        out += x
        out = F.relu(self.conv(out))
        out = self.conv(out)
        out += x
        with torch.no_grad():
            seen = F.relu(self.conv(out))
            seen += 1
        return out, seen


class Found(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)
        self.relu = nn.ReLU()

    def forward(self, x):
        out = F.relu(self.conv(x))
        out += x
        out = self.relu(self.conv(out))
        out *= 2
        return out
