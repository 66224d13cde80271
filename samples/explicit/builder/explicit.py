import torch
import torch.nn.functional as F


def build(width, n=2):
    """A small net."""
    params = {
        "conv.weight": torch.randn(width, 1, 3, 3, requires_grad=True),
        "fc.weight": torch.randn(n, width, requires_grad=True),
        "fc.bias": torch.zeros(n, requires_grad=True),
    }

    # applies it
    def net(x):
        x = F.relu(F.conv2d(x, params["conv.weight"]))
        return F.linear(x.mean((2, 3)), params["fc.weight"], params["fc.bias"])

    return params, net


weights, model = build(4)
opt = torch.optim.SGD(list(weights.values()), lr=0.1)
model(torch.ones(2, 1, 5, 5)).sum().backward()
opt.step()
print(model(torch.ones(2, 1, 5, 5)))
