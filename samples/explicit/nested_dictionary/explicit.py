import torch
import torch.nn.functional as F


def init(width=4):
    return {
        "conv1": {
            "weight": torch.randn(width, 1, 3, 3, requires_grad=True),
            "bias": torch.zeros(width, requires_grad=True),
        },
        "fc": {"weight": torch.randn(2, width, requires_grad=True), "bias": None},
    }


def head(params, x):
    return F.linear(x.mean((2, 3)), params["fc"]["weight"], params["fc"]["bias"])


def net(params, x):
    x = F.relu(F.conv2d(x, params["conv1"]["weight"], params["conv1"]["bias"]))
    return head(params, x)


weights = init()
print(net(weights, torch.ones(2, 1, 5, 5)))
