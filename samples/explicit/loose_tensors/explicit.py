import math
import torch
import torch.nn.functional as F

z_dim, h_dim = 10, 20


def init(o, i):
    return (torch.randn(o, i) / math.sqrt(i)).requires_grad_()


# generator
Wzh = init(h_dim, z_dim)
bzh = torch.zeros(h_dim, requires_grad=True)
Whx = torch.randn(30, h_dim, requires_grad=True)
bhx = torch.zeros(30, requires_grad=True)


def G(z):
    h = F.relu(F.linear(z, Wzh, bzh))
    return torch.sigmoid(F.linear(h, Whx, bhx))


Wd = torch.randn(1, 30, requires_grad=True)


def D(x):
    return F.linear(x, Wd)


G_params = [Wzh, bzh, Whx, bhx]
solver = torch.optim.Adam(G_params + [Wd])
for _ in range(3):
    loss = D(G(torch.ones(4, 10))).mean() + Wzh.pow(2).sum()
    solver.zero_grad()
    loss.backward()
    solver.step()
    print(loss.item(), Wzh.grad.norm())
