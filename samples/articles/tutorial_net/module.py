"""The Net of the 60-minute tutorial, LeNet-like, with its helper method."""

import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        # 1 input image channel, 6 output channels, 5x5 square convolution
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        # an affine operation: y = Wx + b
        self.fc1 = nn.Linear(16 * 5 * 5, 120)  # 5*5 from image dimension
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.relu = nn.ReLU()
        self.max_pool2d = nn.MaxPool2d((2, 2))
        self.relu_1 = nn.ReLU()
        self.max_pool2d_1 = nn.MaxPool2d(2)
        self.relu_2 = nn.ReLU()
        self.relu_3 = nn.ReLU()

    def forward(self, x):
        # Max pooling over a (2, 2) window
        x = self.max_pool2d(self.relu(self.conv1(x)))
        # If the size is a square, you can specify with a single number
        x = self.max_pool2d_1(self.relu_1(self.conv2(x)))
        x = x.view(-1, self.num_flat_features(x))
        x = self.relu_2(self.fc1(x))
        x = self.relu_3(self.fc2(x))
        x = self.fc3(x)
        return x

    def num_flat_features(self, x):
        size = x.size()[1:]  # all dimensions except the batch dimension
        num_features = 1
        for s in size:
            num_features *= s
        return num_features
