import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self):
        super().__init__()
        layers = [nn.Linear(8, 8), nn.ReLU()]
        self.kept = [nn.Linear(8, 8) for _ in range(3)]
        self.net = nn.Sequential(*layers, *self.kept)
        self.steps = [nn.ReLU(), nn.MaxPool1d(2)]
        self.sizes = [8, 8]

    def forward(self, x):
        return self.net(x)


class FineToo(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(8, 8) for _ in range(3)]
        for number, layer in enumerate(self.layers):
            self.add_module(str(number), layer)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class FineAsWell(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(8, 8) for _ in range(3)]
        self.registered = nn.ModuleList()
        for layer in self.layers:
            self.registered.append(layer)

    def forward(self, x):
        return self.layers[0](x)


class FineToChoose(nn.Module):
    def __init__(self, name):
        super().__init__()
        self.choice = {"relu": nn.ReLU(), "prelu": nn.PReLU()}
        self.act = self.choice[name]

    def forward(self, x):
        return self.act(x)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return self.fc(x)


class Found(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(8, 8), nn.ReLU()]
        self.blocks = []
        for _ in range(3):
            self.blocks.append(Block())
        self.heads = {"left": nn.Linear(8, 1), "right": nn.Linear(8, 1)}

    def forward(self, x):
        for layer in self.layers + self.blocks:
            x = layer(x)
        return self.heads["left"](x)
