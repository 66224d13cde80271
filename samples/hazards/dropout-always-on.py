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
