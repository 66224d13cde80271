# Only a layer that is called, or whose parameters are read, can be written as a function.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(8, 8)
        self.second = nn.Linear(8, 8)

    def forward(self, x):
        for layer in (self.first, self.second):
            x = layer(x)
        return x
