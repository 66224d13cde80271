import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def forward(self, x):
        F.relu_(x)
        F.relu(x, inplace=True)
        F.dropout(x, 0.5, self.training, True)
        x = F.relu(x)
        return x


class Found(nn.Module):
    def forward(self, x):
        F.relu(x)
        return x
