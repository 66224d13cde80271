# What takes a layer may call it in its own way.
# nnflip convert --to functional
import torch.nn as nn


class Residual(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x + self.inner(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = Residual(nn.Linear(8, 8))

    def forward(self, x):
        return self.fc(x)
