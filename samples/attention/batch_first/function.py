"""Attention, the batch first. Torch has a faster path for it without gradients, but not for an odd number of heads."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.attn_in_proj_weight = nn.Parameter(torch.empty(3 * 9, 9))
        self.attn_in_proj_bias = nn.Parameter(torch.zeros(3 * 9))
        self.attn_out_proj_weight = nn.Parameter(torch.empty(9, 9))
        self.attn_out_proj_bias = nn.Parameter(torch.empty(9))
        nn.init.kaiming_uniform_(self.attn_out_proj_weight, a=math.sqrt(5))
        fan_in = nn.init._calculate_fan_in_and_fan_out(self.attn_out_proj_weight)[0]
        bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
        nn.init.uniform_(self.attn_out_proj_bias, -bound, bound)
        nn.init.zeros_(self.attn_out_proj_bias)
        nn.init.xavier_uniform_(self.attn_in_proj_weight)

    def attn(self, query, key, value, key_padding_mask=None, need_weights=True):
        batched = query.dim() == 3
        if batched and query is key is value:
            query = key = value = query.transpose(1, 0)
        elif batched and key is value:
            query, key = query.transpose(1, 0), key.transpose(1, 0)
            value = key
        elif batched:
            query, key, value = (x.transpose(1, 0) for x in (query, key, value))
        x, weights = F.multi_head_attention_forward(
            query,
            key,
            value,
            9,
            3,
            self.attn_in_proj_weight,
            self.attn_in_proj_bias,
            None,
            None,
            False,
            0.0,
            self.attn_out_proj_weight,
            self.attn_out_proj_bias,
            training=self.training,
            key_padding_mask=key_padding_mask,
            need_weights=need_weights,
        )
        return x.transpose(1, 0) if batched else x, weights

    def forward(self, x, padded):
        x = x + self.attn(x, x, x, key_padding_mask=padded, need_weights=False)[0]
        return x


def get_inputs():
    return [torch.rand(2, 4, 9), torch.tensor([[False, False, False, True], [False, False, False, False]])]
