# The function has weights of its own, and takes others.
# nnflip convert --to module
import torch
import torch.nn.functional as F


own = {"fc.weight": torch.randn(1, 2), "fc.bias": torch.zeros(1)}


def net(x, params=own):
    return F.linear(x, params["fc.weight"], params["fc.bias"])


print(net(torch.ones(1, 2)), net(torch.ones(1, 2), own))
