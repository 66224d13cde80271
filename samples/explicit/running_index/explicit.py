import torch
import torch.nn.functional as F

weights = [
    torch.randn(8, 1, 3, 3, requires_grad=True),
    torch.zeros(8, requires_grad=True),
    torch.randn(10, 8, requires_grad=True),
    torch.zeros(10, requires_grad=True),
]


def net(x, weights):
    idx = 0
    w, b = weights[idx], weights[idx + 1]
    x = F.conv2d(x, w, b)
    idx += 2
    x = F.relu(x).mean((2, 3))
    w, b = weights[idx], weights[idx + 1]
    return F.linear(x, w, b)


print(net(torch.ones(2, 1, 5, 5), weights).shape)
