import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.ModuleDict()
        self.features['0'] = nn.Conv2d(3, 4, 3, padding=1)
        nn.init.normal_(self.features['0'].weight)
        nn.init.zeros_(self.features['0'].bias)
        self.features['2'] = nn.Conv2d(4, 4, 3, padding=1)
        nn.init.normal_(self.features['2'].weight)
        nn.init.zeros_(self.features['2'].bias)
        self.classifier = nn.ModuleDict()
        self.classifier['0'] = nn.Linear(4, 2)
        nn.init.normal_(self.classifier['0'].weight)
        nn.init.zeros_(self.classifier['0'].bias)
        self.relu = nn.ReLU()
        self.relu_1 = nn.ReLU()

    def forward(self, inputs):
        o = self.relu(self.features['0'](inputs))
        o = self.relu_1(self.features['2'](o))
        o = o.mean((2, 3))
        return self.classifier['0'](o)


net = Net()
y = net(torch.ones(1, 3, 8, 8))
print(y.shape)
