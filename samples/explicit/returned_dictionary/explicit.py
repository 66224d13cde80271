import torch
import torch.nn.functional as F


def init_params(classes=10):
    """Fresh weights."""
    return {
        # the stem
        "conv1.weight": torch.randn(8, 1, 3, 3) * 0.1,  # small
        "conv1.bias": torch.zeros(8),
        "features.0.weight": torch.randn(4, 8, 3, 3),
        "fc.weight": torch.randn(classes, 4 * 4 * 4),
        "fc.bias": torch.zeros(classes),
        "scale": torch.ones(1),
    }


def net(params, x, p=0.5):
    # pictures of 8 by 8
    x = F.relu(F.conv2d(x, params["conv1.weight"], params["conv1.bias"]))
    x = F.relu(F.conv2d(x, params["features.0.weight"]))
    x = F.dropout(x * params["scale"], p, training=False)
    return F.linear(x.flatten(1), params["fc.weight"], params["fc.bias"])


def loss_fn(params, x, y):
    return F.cross_entropy(net(params, x), y)


def train(x, y):
    params = init_params(10)
    for p in params.values():
        p.requires_grad_()
    optimizer = torch.optim.SGD(params.values(), lr=0.1)
    for _ in range(3):
        loss = loss_fn(params, x, y) + params["fc.weight"].pow(2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return net(params, x), sum(p.numel() for p in params.values())
