# A parameter of a module has no dot in its name, unless it is that of a layer.
# nnflip convert --to module
import torch
import torch.nn.functional as F


params = {"fc.weight": torch.randn(1, 2), "out.gain": torch.ones(1)}


def net(params, x):
    return F.linear(x, params["fc.weight"]) * params["out.gain"]


print(net(params, torch.ones(1, 2)))
