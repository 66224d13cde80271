import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, 3)
        nn.init.normal_(self.conv1.weight)
        nn.init.zeros_(self.conv1.bias)
        self.fc = nn.Linear(width, 2, bias=False)
        nn.init.normal_(self.fc.weight)
        self.relu = nn.ReLU()

    def head(self, x):
        return self.fc(x.mean((2, 3)))

    def forward(self, x):
        x = self.relu(self.conv1(x))
        return self.head(x)


net = Net()
print(net(torch.ones(2, 1, 5, 5)))
