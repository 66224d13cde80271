"""The CNN of the "nn versus nn.functional" articles: convolution, ReLU and pooling twice, then a linear layer."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def init_params():
    """Initial parameters of CNN."""
    params = {}
    params["cnn1.weight"] = torch.empty(16, 1, 5, 5)  # 28×28 → 24×24
    params["cnn1.bias"] = torch.empty(16)
    nn.init.kaiming_uniform_(params["cnn1.weight"], a=math.sqrt(5))
    fan_in = nn.init._calculate_fan_in_and_fan_out(params["cnn1.weight"])[0]
    bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
    nn.init.uniform_(params["cnn1.bias"], -bound, bound)
    nn.init.uniform_(params["cnn1.weight"])
    nn.init.uniform_(params["cnn1.bias"])
    params["cnn2.weight"] = torch.empty(32, 16, 5, 5)  # 12×12 → 8×8
    params["cnn2.bias"] = torch.empty(32)
    nn.init.kaiming_uniform_(params["cnn2.weight"], a=math.sqrt(5))
    fan_in = nn.init._calculate_fan_in_and_fan_out(params["cnn2.weight"])[0]
    bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
    nn.init.uniform_(params["cnn2.bias"], -bound, bound)
    nn.init.uniform_(params["cnn2.weight"])
    nn.init.uniform_(params["cnn2.bias"])
    params["linear1.weight"] = torch.empty(10, 4 * 4 * 32)
    params["linear1.bias"] = torch.empty(10)
    nn.init.kaiming_uniform_(params["linear1.weight"], a=math.sqrt(5))
    fan_in = nn.init._calculate_fan_in_and_fan_out(params["linear1.weight"])[0]
    bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
    nn.init.uniform_(params["linear1.bias"], -bound, bound)
    nn.init.uniform_(params["linear1.weight"])
    nn.init.uniform_(params["linear1.bias"])
    return params


def forward(params, buffers, x, *, training):
    """Two convolutions and a linear layer for 28×28 images of one channel."""
    out = F.conv2d(x, params["cnn1.weight"], params["cnn1.bias"])
    out = F.relu(out)
    out = F.max_pool2d(out, 2)
    out = F.conv2d(out, params["cnn2.weight"], params["cnn2.bias"])
    out = F.relu(out)
    out = F.max_pool2d(out, 2)
    out = torch.flatten(out, 1)
    return F.linear(out, params["linear1.weight"], params["linear1.bias"])
