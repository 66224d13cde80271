# The module takes (channels, *size) too; the function would take the channels for the batch.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norms = nn.ModuleDict({"a": nn.InstanceNorm2d(8, affine=True), "b": nn.InstanceNorm2d(8, affine=True)})

    def forward(self, x):
        return self.norms["a"](x) + self.norms["b"](x)
