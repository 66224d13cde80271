# Only self.name = nn.Layer(…) and plain nn.Sequential have a functional form here.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, blocks):
        super().__init__()
        self.blocks = nn.ModuleList([nn.Linear(8, 8) for _ in range(blocks)])

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x
