# A module must be created in __init__ and reached through self.
# nnflip convert --to module
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    @staticmethod
    def activate(x):
        return F.relu(x)

    def forward(self, x):
        return self.activate(x)
