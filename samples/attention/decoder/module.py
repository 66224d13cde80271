"""Attention, the length first: a target looks at itself, then at a source of another size. Masks go along at the call."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.attn = nn.MultiheadAttention(8, 2, dropout=0.1)
        self.cross = nn.MultiheadAttention(8, 4, add_bias_kv=True, add_zero_attn=True, kdim=6, vdim=5)

    def forward(self, target, keys, values, hidden):
        x = target + self.attn(target, target, target, need_weights=False, attn_mask=hidden)[0]
        return self.cross(x, keys, values, average_attn_weights=False)


def get_inputs():
    hidden = torch.ones(4, 4).triu(1).bool()
    return [torch.rand(4, 2, 8), torch.rand(5, 2, 6), torch.rand(5, 2, 5), hidden]
