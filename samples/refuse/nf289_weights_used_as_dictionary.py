# A module has no update().
# nnflip convert --to module
import torch
import torch.nn.functional as F


params = {"fc.weight": torch.randn(3, 2), "fc.bias": torch.zeros(3)}


def net(params, x):
    return F.linear(x, params["fc.weight"], params["fc.bias"])


params.update(torch.load("weights.pth"))
print(net(params, torch.ones(1, 2)))
