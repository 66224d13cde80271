# How many layers there are is known only when the program runs.
# nnflip convert --to module
import torch
import torch.nn.functional as F


def net(params, x):
    for number in range(len(params) // 2):
        x = F.linear(x, params[f"fc{number}.weight"], params[f"fc{number}.bias"])
    return x


params = {"fc0.weight": torch.randn(2, 2), "fc0.bias": torch.zeros(2)}
print(net(params, torch.ones(1, 2)))
