import torch
import torch.nn.functional as F

params = {'layers.%d.weight' % i: torch.randn(4, 4, requires_grad=True) for i in range(3)}


def net(p, x):
    for name in ('layers.0', 'layers.1', 'layers.2'):
        x = F.linear(x, p[name + '.weight'])
        x = x.relu()
    return x


print(net(params, torch.ones(1, 4)).sum().item())
