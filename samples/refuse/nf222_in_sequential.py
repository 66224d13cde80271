# What the caller hands over may be anything.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.net = nn.Sequential(*layers)

    def forward(self, x):
        return self.net(x)
