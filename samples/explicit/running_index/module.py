import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv0 = nn.Conv2d(1, 8, 3)
        nn.init.normal_(self.conv0.weight)
        nn.init.zeros_(self.conv0.bias)
        self.linear2 = nn.Linear(8, 10)
        nn.init.normal_(self.linear2.weight)
        nn.init.zeros_(self.linear2.bias)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = self.conv0(x)
        x = self.relu(x).mean((2, 3))
        return self.linear2(x)


net = Net()


print(net(torch.ones(2, 1, 5, 5)).shape)
