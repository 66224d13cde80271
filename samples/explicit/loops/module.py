import torch
import torch.nn as nn

SIZES = [4, 8, 8, 2]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        # layer by layer
        self.fc0 = nn.Linear(SIZES[0], SIZES[1])
        self.fc0.weight = nn.Parameter(torch.randn(SIZES[1], SIZES[0]) * 0.1)
        nn.init.zeros_(self.fc0.bias)
        self.fc1 = nn.Linear(SIZES[1], SIZES[2])
        self.fc1.weight = nn.Parameter(torch.randn(SIZES[2], SIZES[1]) * 0.1)
        nn.init.zeros_(self.fc1.bias)
        self.fc2 = nn.Linear(SIZES[2], SIZES[3])
        self.fc2.weight = nn.Parameter(torch.randn(SIZES[3], SIZES[2]) * 0.1)
        nn.init.zeros_(self.fc2.bias)
        self.relu = nn.ReLU()
        self.relu_1 = nn.ReLU()

    def forward(self, x):
        x = self.relu(self.fc0(x))
        x = self.relu_1(self.fc1(x))
        return self.fc2(x)
