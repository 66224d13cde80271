import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, classes=10):
        """Fresh weights."""
        super().__init__()
        # the stem
        self.conv1 = nn.Conv2d(1, 8, 3)  # small
        self.conv1.weight = nn.Parameter(torch.randn(8, 1, 3, 3) * 0.1)
        nn.init.zeros_(self.conv1.bias)
        self.features = nn.ModuleDict()
        self.features["0"] = nn.Conv2d(8, 4, 3, bias=False)
        nn.init.normal_(self.features["0"].weight)
        self.fc = nn.Linear(4 * 4 * 4, classes)
        nn.init.normal_(self.fc.weight)
        nn.init.zeros_(self.fc.bias)
        self.scale = nn.Parameter(torch.ones(1))
        self.relu = nn.ReLU()
        self.relu_1 = nn.ReLU()
        self.flatten = nn.Flatten(1)

    def forward(self, x, p=0.5):
        # pictures of 8 by 8
        x = self.relu(self.conv1(x))
        x = self.relu_1(self.features["0"](x))
        x = F.dropout(x * self.scale, p, training=False)
        return self.fc(self.flatten(x))


def loss_fn(net, x, y):
    return F.cross_entropy(net(x), y)


def train(x, y):
    net = Net(10)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(3):
        loss = loss_fn(net, x, y) + net.fc.weight.pow(2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return net(x), sum(p.numel() for p in net.parameters())
