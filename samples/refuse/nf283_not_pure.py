# A function keeps nothing from call to call: each class here does, or asks the module itself for something.
# nnflip convert --to pure

import torch
import torch.nn as nn
import torch.nn.functional as F


class Counted(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        return self.fc(x)


class Penalised(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2, 4))

    def penalty(self):
        return sum(p.square().sum() for p in self.parameters())

    def forward(self, x):
        return F.linear(x, self.weight), self.penalty()


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Parameter(torch.ones(4, 4))
        self.outer = self.inner

    def forward(self, x):
        return F.linear(F.linear(x, self.inner), self.outer)


class Frozen(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(2, 4), requires_grad=False)

    def forward(self, x):
        return F.linear(x, self.weight)


class Noisy(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("noise", torch.randn(4))
        self.weight = nn.Parameter(torch.randn(2, 4))

    def forward(self, x):
        return F.linear(x + self.noise, self.weight)
