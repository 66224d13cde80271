import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(4, 8))
        self.b1 = nn.Parameter(torch.zeros(8))
        self.W2 = nn.Parameter(torch.randn(8, 2))
        self.relu = nn.ReLU()
        self.sigmoid = nn.Sigmoid()

    def forward(self, x):
        h = self.relu(x @ self.W1 + self.b1)
        return self.sigmoid(h @ self.W2)


net = Net()


params = [net.W1, net.b1, net.W2]
optimizer = torch.optim.SGD(params, lr=0.1)
for _ in range(3):
    loss = net(torch.ones(2, 4)).sum() + 1e-3 * net.W1.pow(2).sum()
    loss.backward()
    optimizer.step()
    for p in params:
        p.grad.zero_()
print(net(torch.ones(1, 4)), net.W2[0])
