"""The MLP of the articles, with the dropout that eval() switches off."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def init_params():
    """Initial parameters of MLP."""
    params = {}
    params["fc1.weight"] = torch.empty(256, 512)
    params["fc1.bias"] = torch.empty(256)
    params["fc2.weight"] = torch.empty(256, 256)
    params["fc2.bias"] = torch.empty(256)
    params["fc3.weight"] = torch.empty(2, 256)
    params["fc3.bias"] = torch.empty(2)
    nn.init.kaiming_uniform_(params["fc1.weight"], a=math.sqrt(5))
    fan_in = nn.init._calculate_fan_in_and_fan_out(params["fc1.weight"])[0]
    bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
    nn.init.uniform_(params["fc1.bias"], -bound, bound)
    nn.init.kaiming_uniform_(params["fc2.weight"], a=math.sqrt(5))
    fan_in = nn.init._calculate_fan_in_and_fan_out(params["fc2.weight"])[0]
    bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
    nn.init.uniform_(params["fc2.bias"], -bound, bound)
    nn.init.kaiming_uniform_(params["fc3.weight"], a=math.sqrt(5))
    fan_in = nn.init._calculate_fan_in_and_fan_out(params["fc3.weight"])[0]
    bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
    nn.init.uniform_(params["fc3.bias"], -bound, bound)
    return params


def forward(params, buffers, x, *, training):
    x = F.dropout(
        F.relu(F.linear(x, params["fc1.weight"], params["fc1.bias"])), 0.5, training=training
    )
    x = F.dropout(
        F.relu(F.linear(x, params["fc2.weight"], params["fc2.bias"])), 0.5, training=training
    )
    return F.linear(x, params["fc3.weight"], params["fc3.bias"])
