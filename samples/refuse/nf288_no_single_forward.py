# Two functions share the weights, and neither calls the other.
# nnflip convert --to module
import torch
import torch.nn.functional as F


params = {"w": torch.randn(3, 3)}


def encode(params, x):
    return F.linear(x, params["w"])


def decode(params, x):
    return F.linear(x, params["w"]).relu()


print(decode(params, encode(params, torch.ones(1, 3))))
