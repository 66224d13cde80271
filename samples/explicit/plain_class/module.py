import torch
import torch.nn as nn


class Net(nn.Module):
    """Two layers."""

    def __init__(self, n_in, n_out=3):
        super().__init__()
        self.linear1 = nn.Linear(n_in, 8)
        nn.init.normal_(self.linear1.weight)
        nn.init.zeros_(self.linear1.bias)
        self.linear2 = nn.Linear(8, n_out, bias=False)
        self.linear2.weight = nn.Parameter(torch.randn(n_out, 8) * 0.1)
        self.slope = 0.1
        self.leaky_relu = nn.LeakyReLU(self.slope)

    def forward(self, x):
        x = self.leaky_relu(self.linear1(x))
        return self.linear2(x)


net = Net(4)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(3):
    loss = net(torch.ones(2, 4)).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item())
