import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(8, 8))
        self.frozen = nn.Parameter(torch.randn(8, 8), requires_grad=False)

    def forward(self, x):
        self.weight.data.clamp_(-1, 1)
        self.weight.data = self.weight.data * 0.9
        with torch.no_grad():
            shown = F.linear(x, self.weight.data)
        return F.linear(F.linear(x, self.weight), self.frozen.data), shown


class Found(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(8, 8))

    def forward(self, x):
        return F.linear(x, self.weight.data)
