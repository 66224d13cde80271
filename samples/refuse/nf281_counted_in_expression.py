# The statement that counts batches must run as often as the norm is called, whose keys are read by name.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(8)

    def forward(self, x):
        return sum(self.norm(part) for part in x)


def width(checkpoint):
    return checkpoint["norm.weight"].shape[0]
