# One weight trains and the other does not.
# nnflip convert --to module
import torch
import torch.nn.functional as F


params = {"fc.weight": torch.randn(1, 2, requires_grad=True), "fc.bias": torch.zeros(1)}


def net(params, x):
    return F.linear(x, params["fc.weight"], params["fc.bias"])


print(net(params, torch.ones(1, 2)))
