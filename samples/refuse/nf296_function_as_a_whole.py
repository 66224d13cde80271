# The first layer could be one, but the weights of both are in one dictionary.
# nnflip convert --to module
import torch
import torch.nn.functional as F


params = {"fc1.weight": torch.randn(2, 2), "fc2.weight": torch.randn(2, 2), "mask": torch.ones(2, 2)}


def net(params, x):
    x = F.linear(x, params["fc1.weight"])
    return F.linear(x, params["fc2.weight"] * params["mask"])


print(net(params, torch.ones(1, 2)))
