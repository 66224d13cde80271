# The shape of the parameter depends on it.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, padding):
        super().__init__()
        self.pad = nn.ZeroPad3d(padding)

    def forward(self, x):
        return self.pad(x)
