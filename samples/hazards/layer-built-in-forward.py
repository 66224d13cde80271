import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = None

    def forward(self, x, trained):
        if self.fc is None:
            self.fc = nn.Linear(x.shape[1], 8)
        other = nn.Linear(8, 8)
        other.weight.data = trained
        x = other(self.fc(x))
        self.loss = nn.CrossEntropyLoss(weight=x)(x, trained)
        return nn.ReLU()(nn.LayerNorm(8, elementwise_affine=False)(x))


class Found(nn.Module):
    def forward(self, x):
        fc = nn.Linear(8, 8)
        x = fc(x)
        return nn.Linear(8, 8).to(x.device)(x)
