# The statement that counts batches must run as often as the norm is called.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norms = nn.ModuleDict({"left": nn.BatchNorm1d(8), "right": nn.BatchNorm1d(8)})

    def forward(self, x):
        return sum(norm(x) for norm in self.norms.values())
