"""The CNN of the "nn versus nn.functional" articles: convolution, ReLU and pooling twice, then a linear layer."""

import torch.nn as nn


class CNN(nn.Module):
    """Two convolutions and a linear layer for 28×28 images of one channel."""

    def __init__(self):
        super().__init__()
        self.cnn1 = nn.Conv2d(1, 16, 5)  # 28×28 → 24×24
        nn.init.uniform_(self.cnn1.weight)
        nn.init.uniform_(self.cnn1.bias)
        self.cnn2 = nn.Conv2d(16, 32, 5)  # 12×12 → 8×8
        nn.init.uniform_(self.cnn2.weight)
        nn.init.uniform_(self.cnn2.bias)
        self.linear1 = nn.Linear(4 * 4 * 32, 10)
        nn.init.uniform_(self.linear1.weight)
        nn.init.uniform_(self.linear1.bias)
        self.relu = nn.ReLU()
        self.max_pool2d = nn.MaxPool2d(2)
        self.relu_1 = nn.ReLU()
        self.max_pool2d_1 = nn.MaxPool2d(2)
        self.flatten = nn.Flatten(1)

    def forward(self, x):
        out = self.cnn1(x)
        out = self.relu(out)
        out = self.max_pool2d(out)
        out = self.cnn2(out)
        out = self.relu_1(out)
        out = self.max_pool2d_1(out)
        out = self.flatten(out)
        return self.linear1(out)
