# The decorator gets a function and would get a method.
# nnflip convert --to module
import torch
import torch.nn.functional as F


def counted(function):
    function.calls = 0
    return function


params = {"fc.weight": torch.randn(1, 2), "fc.bias": torch.zeros(1)}


@counted
def net(params, x):
    return F.linear(x, params["fc.weight"], params["fc.bias"])


print(net(params, torch.ones(1, 2)))
