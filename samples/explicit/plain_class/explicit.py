import torch
import torch.nn.functional as F


class Net:
    """Two layers."""

    def __init__(self, n_in, n_out=3):
        self.w1 = torch.randn(8, n_in, requires_grad=True)
        self.b1 = torch.zeros(8, requires_grad=True)
        self.w2 = (torch.randn(n_out, 8) * 0.1).requires_grad_()
        self.slope = 0.1

    def __call__(self, x):
        x = F.leaky_relu(F.linear(x, self.w1, self.b1), self.slope)
        return F.linear(x, self.w2)

    def parameters(self):
        return [self.w1, self.b1, self.w2]


net = Net(4)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(3):
    loss = net(torch.ones(2, 4)).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item())
