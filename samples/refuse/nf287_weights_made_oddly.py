# What is computed from a leaf is no leaf: this weight would never be trained.
# nnflip convert --to module
import torch
import torch.nn.functional as F


params = {
    "w": torch.randn(3, 2, requires_grad=True) * 0.1,
    "b": torch.zeros(3, requires_grad=True),
}


def model(params, x):
    return F.linear(x, params["w"], params["b"])


print(model(params, torch.ones(1, 2)))
