# The seed is set between the two, so the weights would be others.
# nnflip convert --to module
import torch
import torch.nn.functional as F


weight = torch.randn(3, 2, requires_grad=True)
torch.manual_seed(0)
data = torch.randn(5, 2)


def net(x):
    return F.linear(x, weight)


print(net(data))
