# Both styles offer this operation, but not with this argument.
# nnflip convert --to module
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def forward(self, x):
        return F.softmax(x, dim=-1, dtype=torch.float64)
