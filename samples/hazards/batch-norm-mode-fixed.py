import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(8))
        self.register_buffer("var", torch.ones(8))

    def forward(self, x):
        x = F.batch_norm(x, None, None, training=True)
        mean, var = self.mean.repeat(2), self.var.repeat(2)
        x = F.batch_norm(x.view(1, 16, -1), mean, var, training=True).view(x.shape)
        return F.batch_norm(x, self.mean, self.var, training=self.training)


class Frozen(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("weight", torch.ones(8))
        self.register_buffer("mean", torch.zeros(8))
        self.register_buffer("var", torch.ones(8))

    def forward(self, x):
        return F.batch_norm(x, self.mean, self.var, self.weight, training=False)


class Found(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(8))
        self.register_buffer("var", torch.ones(8))

    def forward(self, x):
        x = F.batch_norm(x, self.mean, self.var, training=True)
        return F.batch_norm(x, self.mean, self.var)
