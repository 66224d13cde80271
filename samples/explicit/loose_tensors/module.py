import math
import torch
import torch.nn as nn

z_dim, h_dim = 10, 20


def init(o, i):
    return (torch.randn(o, i) / math.sqrt(i)).requires_grad_()


# generator


class GNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.Wzh = nn.Linear(z_dim, h_dim)
        self.Wzh.weight = nn.Parameter(init(h_dim, z_dim))
        nn.init.zeros_(self.Wzh.bias)
        self.Whx = nn.Linear(h_dim, 30)
        nn.init.normal_(self.Whx.weight)
        nn.init.zeros_(self.Whx.bias)
        self.relu = nn.ReLU()
        self.sigmoid = nn.Sigmoid()

    def forward(self, z):
        h = self.relu(self.Wzh(z))
        return self.sigmoid(self.Whx(h))


G = GNet()


class DNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.Wd = nn.Linear(30, 1, bias=False)
        nn.init.normal_(self.Wd.weight)

    def forward(self, x):
        return self.Wd(x)


D = DNet()


G_params = [G.Wzh.weight, G.Wzh.bias, G.Whx.weight, G.Whx.bias]
solver = torch.optim.Adam(G_params + [D.Wd.weight])
for _ in range(3):
    loss = D(G(torch.ones(4, 10))).mean() + G.Wzh.weight.pow(2).sum()
    solver.zero_grad()
    loss.backward()
    solver.step()
    print(loss.item(), G.Wzh.weight.grad.norm())
