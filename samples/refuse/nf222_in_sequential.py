# A Sequential converts as a whole, so each of its layers must.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(8, 8), *layers)

    def forward(self, x):
        return self.net(x)
