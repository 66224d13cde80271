import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, stride=2, padding=1)
        nn.init.normal_(self.conv1.weight)
        nn.init.zeros_(self.conv1.bias)
        self.features = nn.ModuleDict()
        self.features['0'] = nn.Conv2d(4, 4, 3, padding=1)
        nn.init.normal_(self.features['0'].weight)
        nn.init.zeros_(self.features['0'].bias)
        self.fc = nn.Linear(4, 2)
        nn.init.normal_(self.fc.weight)
        nn.init.zeros_(self.fc.bias)
        self.relu = nn.ReLU()
        self.relu_1 = nn.ReLU()

    def forward(self, x):
        x = self.relu(self.conv1(x))
        x = self.relu_1(self.features['0'](x))
        return self.fc(x.mean((2, 3)))
