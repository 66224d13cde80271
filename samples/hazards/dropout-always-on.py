import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.2)

    def forward(self, x):
        x = self.drop(F.dropout(x, 0.2, self.training))
        x = F.dropout(x, 0.2, training=False)
        x = F.dropout(x, 0)
        if self.training:
            x = F.dropout(x, 0.2)
        return x


class Found(nn.Module):
    def forward(self, x):
        x = F.dropout(x, 0.2)
        x = F.dropout(x, 0.2, training=True)
        return nn.Dropout(0.2)(x)


class FineAttention(nn.Module):
    def forward(self, q, k, v, w, b):
        mode = self.training
        q, _ = F.multi_head_attention_forward(q, k, v, 8, 2, w, b, None, None, False, 0.1, w, b, training=mode)
        return F.multi_head_attention_forward(q, k, v, 8, 2, w, b, None, None, False, 0.0, w, b)


class FoundAttention(nn.Module):
    def forward(self, q, k, v, w, b):
        return F.multi_head_attention_forward(q, k, v, 8, 2, w, b, None, None, False, 0.1, w, b)
