# torch.func differentiates functions of their arguments.
# nnflip convert --to module
import torch
import torch.nn.functional as F


params = {"fc.weight": torch.randn(1, 2), "fc.bias": torch.zeros(1)}


def net(params, x):
    return F.linear(x, params["fc.weight"], params["fc.bias"]).sum()


print(torch.func.grad(net)(params, torch.ones(1, 2)))
