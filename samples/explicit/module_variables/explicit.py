import torch
import torch.nn.functional as F

weights = {
    "c1.weight": torch.randn(4, 3, 3, 3, requires_grad=True),
    "c1.bias": torch.zeros(4, requires_grad=True),
    "head.0.weight": torch.randn(2, 4, requires_grad=True),
}


def model(x):
    x = F.conv2d(x, weights["c1.weight"], weights["c1.bias"], padding=1).mean((2, 3))
    return F.linear(x, weights["head.0.weight"])


print(model(torch.ones(1, 3, 8, 8)), [k for k, v in weights.items()])
