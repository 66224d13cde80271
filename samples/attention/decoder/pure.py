"""Attention, the length first: a target looks at itself, then at a source of another size. Masks go along at the call."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def init_params():
    """Initial parameters of Net."""
    params = {}
    params["attn.in_proj_weight"] = torch.empty(3 * 8, 8)
    params["attn.in_proj_bias"] = torch.zeros(3 * 8)
    params["attn.out_proj.weight"] = torch.empty(8, 8)
    params["attn.out_proj.bias"] = torch.empty(8)
    params["cross.q_proj_weight"] = torch.empty(8, 8)
    params["cross.k_proj_weight"] = torch.empty(8, 6)
    params["cross.v_proj_weight"] = torch.empty(8, 5)
    params["cross.in_proj_bias"] = torch.zeros(3 * 8)
    params["cross.bias_k"] = torch.empty(1, 1, 8)
    params["cross.bias_v"] = torch.empty(1, 1, 8)
    params["cross.out_proj.weight"] = torch.empty(8, 8)
    params["cross.out_proj.bias"] = torch.empty(8)
    nn.init.kaiming_uniform_(params["attn.out_proj.weight"], a=math.sqrt(5))
    fan_in = nn.init._calculate_fan_in_and_fan_out(params["attn.out_proj.weight"])[0]
    bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
    nn.init.uniform_(params["attn.out_proj.bias"], -bound, bound)
    nn.init.zeros_(params["attn.out_proj.bias"])
    nn.init.xavier_uniform_(params["attn.in_proj_weight"])
    nn.init.kaiming_uniform_(params["cross.out_proj.weight"], a=math.sqrt(5))
    fan_in = nn.init._calculate_fan_in_and_fan_out(params["cross.out_proj.weight"])[0]
    bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
    nn.init.uniform_(params["cross.out_proj.bias"], -bound, bound)
    nn.init.zeros_(params["cross.out_proj.bias"])
    nn.init.xavier_uniform_(params["cross.q_proj_weight"])
    nn.init.xavier_uniform_(params["cross.k_proj_weight"])
    nn.init.xavier_uniform_(params["cross.v_proj_weight"])
    nn.init.xavier_normal_(params["cross.bias_k"])
    nn.init.xavier_normal_(params["cross.bias_v"])
    return params


def forward(params, buffers, target, keys, values, hidden, *, training):
    x = target + F.multi_head_attention_forward(
        target,
        target,
        target,
        8,
        2,
        params["attn.in_proj_weight"],
        params["attn.in_proj_bias"],
        None,
        None,
        False,
        0.1,
        params["attn.out_proj.weight"],
        params["attn.out_proj.bias"],
        training=training,
        need_weights=False,
        attn_mask=hidden,
    )[0]
    return F.multi_head_attention_forward(
        x,
        keys,
        values,
        8,
        4,
        None,
        params["cross.in_proj_bias"],
        params["cross.bias_k"],
        params["cross.bias_v"],
        True,
        0.0,
        params["cross.out_proj.weight"],
        params["cross.out_proj.bias"],
        training=training,
        use_separate_proj_weight=True,
        q_proj_weight=params["cross.q_proj_weight"],
        k_proj_weight=params["cross.k_proj_weight"],
        v_proj_weight=params["cross.v_proj_weight"],
        average_attn_weights=False,
    )


def get_inputs():
    hidden = torch.ones(4, 4).triu(1).bool()
    return [torch.rand(4, 2, 8), torch.rand(5, 2, 6), torch.rand(5, 2, 5), hidden]
