"""Attention, the length first: a target looks at itself, then at a source of another size. Masks go along at the call."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.attn_in_proj_weight = nn.Parameter(torch.empty(3 * 8, 8))
        self.attn_in_proj_bias = nn.Parameter(torch.zeros(3 * 8))
        self.attn_out_proj_weight = nn.Parameter(torch.empty(8, 8))
        self.attn_out_proj_bias = nn.Parameter(torch.empty(8))
        self.cross_q_proj_weight = nn.Parameter(torch.empty(8, 8))
        self.cross_k_proj_weight = nn.Parameter(torch.empty(8, 6))
        self.cross_v_proj_weight = nn.Parameter(torch.empty(8, 5))
        self.cross_in_proj_bias = nn.Parameter(torch.zeros(3 * 8))
        self.cross_bias_k = nn.Parameter(torch.empty(1, 1, 8))
        self.cross_bias_v = nn.Parameter(torch.empty(1, 1, 8))
        self.cross_out_proj_weight = nn.Parameter(torch.empty(8, 8))
        self.cross_out_proj_bias = nn.Parameter(torch.empty(8))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.kaiming_uniform_(self.attn_out_proj_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.attn_out_proj_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.attn_out_proj_bias, -bound, bound)
        nn.init.zeros_(self.attn_out_proj_bias)
        nn.init.xavier_uniform_(self.attn_in_proj_weight)
        nn.init.kaiming_uniform_(self.cross_out_proj_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.cross_out_proj_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.cross_out_proj_bias, -bound, bound)
        nn.init.zeros_(self.cross_out_proj_bias)
        nn.init.xavier_uniform_(self.cross_q_proj_weight)
        nn.init.xavier_uniform_(self.cross_k_proj_weight)
        nn.init.xavier_uniform_(self.cross_v_proj_weight)
        nn.init.xavier_normal_(self.cross_bias_k)
        nn.init.xavier_normal_(self.cross_bias_v)

    def forward(self, target, keys, values, hidden):
        x = target + F.multi_head_attention_forward(
            target,
            target,
            target,
            8,
            2,
            self.attn_in_proj_weight,
            self.attn_in_proj_bias,
            None,
            None,
            False,
            0.1,
            self.attn_out_proj_weight,
            self.attn_out_proj_bias,
            training=self.training,
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
            self.cross_in_proj_bias,
            self.cross_bias_k,
            self.cross_bias_v,
            True,
            0.0,
            self.cross_out_proj_weight,
            self.cross_out_proj_bias,
            training=self.training,
            use_separate_proj_weight=True,
            q_proj_weight=self.cross_q_proj_weight,
            k_proj_weight=self.cross_k_proj_weight,
            v_proj_weight=self.cross_v_proj_weight,
            average_attn_weights=False,
        )


def get_inputs():
    hidden = torch.ones(4, 4).triu(1).bool()
    return [torch.rand(4, 2, 8), torch.rand(5, 2, 6), torch.rand(5, 2, 5), hidden]
