import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.dropout = dropout

    def forward(self, q, k, v):
        q = F.scaled_dot_product_attention(q, k, v, dropout_p=self.dropout if self.training else 0.0)
        p = self.dropout if self.training else 0.0
        q = F.scaled_dot_product_attention(q, k, v, dropout_p=p)
        if self.training:
            q = F.scaled_dot_product_attention(q, k, v, dropout_p=self.dropout)
        return F.scaled_dot_product_attention(q, k, v, dropout_p=0.0, is_causal=True)


class Found(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.dropout = dropout

    def forward(self, q, k, v):
        q = F.scaled_dot_product_attention(q, k, v, dropout_p=self.dropout)
        return F.scaled_dot_product_attention(q, k, v, None, 0.1)
