# The weights come from a file, and a module has to know their shapes.
# nnflip convert --to module
import torch
import torch.nn.functional as F


def net(x, params):
    x = F.relu(F.conv2d(x, params["conv.weight"], params["conv.bias"]))
    return F.linear(x.flatten(1), params["fc.weight"])


params = torch.load("weights.pth")
print(net(torch.ones(1, 3, 8, 8), params))
