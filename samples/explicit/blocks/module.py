import torch.nn as nn


class Net(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        self.conv0 = nn.Conv2d(1, width, 3, padding=1, bias=False)
        nn.init.normal_(self.conv0.weight)
        self.block0 = nn.ModuleDict()
        self.block0["conv0"] = nn.Conv2d(width, width, 3, padding=1, bias=False)
        nn.init.normal_(self.block0["conv0"].weight)
        self.block0["conv1"] = nn.Conv2d(width, width, 3, padding=1, bias=False)
        nn.init.normal_(self.block0["conv1"].weight)
        self.block1 = nn.ModuleDict()
        self.block1["conv0"] = nn.Conv2d(width, width, 3, padding=1, bias=False)
        nn.init.normal_(self.block1["conv0"].weight)
        self.block1["conv1"] = nn.Conv2d(width, width, 3, padding=1, bias=False)
        nn.init.normal_(self.block1["conv1"].weight)
        self.fc = nn.Linear(width, 2)
        nn.init.normal_(self.fc.weight)
        nn.init.zeros_(self.fc.bias)
        self.relu = nn.ReLU()
        self.relu_1 = nn.ReLU()
        self.relu_2 = nn.ReLU()
        self.relu_3 = nn.ReLU()

    def forward(self, x):
        x = self.conv0(x)
        # pre-activation
        o = self.relu(x)
        y = self.block0["conv0"](o)
        x_1 = self.relu_1(y)
        z = self.block0["conv1"](x_1)
        x = x + z
        # pre-activation
        o = self.relu_2(x)
        y = self.block1["conv0"](o)
        x_1 = self.relu_3(y)
        z = self.block1["conv1"](x_1)
        x = x + z
        return self.fc(x.mean((2, 3)))
