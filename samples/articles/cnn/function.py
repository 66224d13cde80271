"""The CNN of the "nn versus nn.functional" articles: convolution, ReLU and pooling twice, then a linear layer."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class CNN(nn.Module):
    """Two convolutions and a linear layer for 28×28 images of one channel."""

    def __init__(self):
        super().__init__()
        self.cnn1_weight = nn.Parameter(torch.rand(16, 1, 5, 5))  # 28×28 → 24×24
        self.bias1_weight = nn.Parameter(torch.rand(16))
        self.cnn2_weight = nn.Parameter(torch.rand(32, 16, 5, 5))  # 12×12 → 8×8
        self.bias2_weight = nn.Parameter(torch.rand(32))
        self.linear1_weight = nn.Parameter(torch.rand(10, 4 * 4 * 32))
        self.bias3_weight = nn.Parameter(torch.rand(10))

    def forward(self, x):
        out = F.conv2d(x, self.cnn1_weight, self.bias1_weight)
        out = F.relu(out)
        out = F.max_pool2d(out, 2)
        out = F.conv2d(out, self.cnn2_weight, self.bias2_weight)
        out = F.relu(out)
        out = F.max_pool2d(out, 2)
        out = torch.flatten(out, 1)
        return F.linear(out, self.linear1_weight, self.bias3_weight)
