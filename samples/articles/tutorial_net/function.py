"""The Net of the 60-minute tutorial, LeNet-like, with its helper method."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        # 1 input image channel, 6 output channels, 5x5 square convolution
        self.conv1_weight = nn.Parameter(torch.empty(6, 1, 5, 5))
        self.conv1_bias = nn.Parameter(torch.empty(6))
        self.conv2_weight = nn.Parameter(torch.empty(16, 6, 5, 5))
        self.conv2_bias = nn.Parameter(torch.empty(16))
        # an affine operation: y = Wx + b
        self.fc1_weight = nn.Parameter(torch.empty(120, 16 * 5 * 5))  # 5*5 from image dimension
        self.fc1_bias = nn.Parameter(torch.empty(120))
        self.fc2_weight = nn.Parameter(torch.empty(84, 120))
        self.fc2_bias = nn.Parameter(torch.empty(84))
        self.fc3_weight = nn.Parameter(torch.empty(10, 84))
        self.fc3_bias = nn.Parameter(torch.empty(10))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.kaiming_uniform_(self.conv1_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.conv1_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.conv1_bias, -bound, bound)
        nn.init.kaiming_uniform_(self.conv2_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.conv2_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.conv2_bias, -bound, bound)
        nn.init.kaiming_uniform_(self.fc1_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.fc1_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.fc1_bias, -bound, bound)
        nn.init.kaiming_uniform_(self.fc2_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.fc2_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.fc2_bias, -bound, bound)
        nn.init.kaiming_uniform_(self.fc3_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.fc3_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.fc3_bias, -bound, bound)

    def forward(self, x):
        # Max pooling over a (2, 2) window
        x = F.max_pool2d(F.relu(F.conv2d(x, self.conv1_weight, self.conv1_bias)), (2, 2))
        # If the size is a square, you can specify with a single number
        x = F.max_pool2d(F.relu(F.conv2d(x, self.conv2_weight, self.conv2_bias)), 2)
        x = x.view(-1, self.num_flat_features(x))
        x = F.relu(F.linear(x, self.fc1_weight, self.fc1_bias))
        x = F.relu(F.linear(x, self.fc2_weight, self.fc2_bias))
        x = F.linear(x, self.fc3_weight, self.fc3_bias)
        return x

    def num_flat_features(self, x):
        size = x.size()[1:]  # all dimensions except the batch dimension
        num_features = 1
        for s in size:
            num_features *= s
        return num_features
