import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleDict()
        self.layers['0'] = nn.Linear(4, 4, bias=False)
        nn.init.normal_(self.layers['0'].weight)
        self.layers['1'] = nn.Linear(4, 4, bias=False)
        nn.init.normal_(self.layers['1'].weight)
        self.layers['2'] = nn.Linear(4, 4, bias=False)
        nn.init.normal_(self.layers['2'].weight)
        self.relu = nn.ReLU()
        self.relu_1 = nn.ReLU()
        self.relu_2 = nn.ReLU()

    def forward(self, x):
        x = self.layers['0'](x)
        x = self.relu(x)
        x = self.layers['1'](x)
        x = self.relu_1(x)
        x = self.layers['2'](x)
        x = self.relu_2(x)
        return x


net = Net()


print(net(torch.ones(1, 4)).sum().item())
