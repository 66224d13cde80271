# The weights may be those of the model, or others that are handed over.
# nnflip convert --to module
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(3, 2))

    def forward(self, x, params=None):
        weight = self.weight if params is None else params[0]
        return F.linear(x, weight)


own = {"fc.weight": torch.randn(1, 2), "fc.bias": torch.zeros(1)}


def net(x, params=own):
    return F.linear(x, params["fc.weight"], params["fc.bias"])


print(net(torch.ones(1, 2)), net(torch.ones(1, 2), own))
