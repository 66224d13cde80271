"""Model1 and Model3 of the articles on dropout: nn.Dropout, and F.dropout that follows self.training."""

import torch.nn as nn


class Model(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p
        self.fc = nn.Linear(20, 20)
        self.dropout = nn.Dropout(self.p)

    def forward(self, x):
        return self.dropout(self.fc(x))
