"""Batch norms: the second averages over all batches so far, by the number it has counted."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def init_params():
    """Initial parameters of Net."""
    params = {}
    params["conv.weight"] = torch.empty(4, 3, 3, 3)
    params["conv.bias"] = torch.empty(4)
    params["bn.weight"] = torch.ones(4)
    params["bn.bias"] = torch.zeros(4)
    params["head.weight"] = torch.empty(4, 4, 1, 1)
    params["head.bias"] = torch.empty(4)
    nn.init.kaiming_uniform_(params["conv.weight"], a=math.sqrt(5))
    fan_in = nn.init._calculate_fan_in_and_fan_out(params["conv.weight"])[0]
    bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
    nn.init.uniform_(params["conv.bias"], -bound, bound)
    nn.init.kaiming_uniform_(params["head.weight"], a=math.sqrt(5))
    fan_in = nn.init._calculate_fan_in_and_fan_out(params["head.weight"])[0]
    bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
    nn.init.uniform_(params["head.bias"], -bound, bound)
    return params


def init_buffers():
    """Initial buffers of Net."""
    buffers = {}
    buffers["bn.running_mean"] = torch.zeros(4)
    buffers["bn.running_var"] = torch.ones(4)
    buffers["bn.num_batches_tracked"] = torch.tensor(0, dtype=torch.long)
    buffers["slow.running_mean"] = torch.zeros(4)
    buffers["slow.running_var"] = torch.ones(4)
    buffers["slow.num_batches_tracked"] = torch.tensor(0, dtype=torch.long)
    return buffers


def forward(params, buffers, x, *, training):
    buffers = {key: value.clone() for key, value in buffers.items()}
    x = F.conv2d(x, params["conv.weight"], params["conv.bias"])
    if training:
        buffers["bn.num_batches_tracked"].add_(1)
    x = F.batch_norm(
        x,
        buffers["bn.running_mean"],
        buffers["bn.running_var"],
        params["bn.weight"],
        params["bn.bias"],
        training=training,
        eps=0.001,
    )
    x = F.conv2d(x, params["head.weight"], params["head.bias"])
    if training:
        buffers["slow.num_batches_tracked"].add_(1)
    return F.batch_norm(
        x,
        buffers["slow.running_mean"],
        buffers["slow.running_var"],
        training=training,
        momentum=1 / max(buffers["slow.num_batches_tracked"].item(), 1),
    ), buffers


def get_inputs():
    return [torch.rand(4, 3, 8, 8)]
