"""F.dropout without `training=`: the default is True, so it drops in eval mode too. Compare model1 and model3."""

import torch.nn as nn
import torch.nn.functional as F


class Model(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p
        self.fc = nn.Linear(20, 20)

    def forward(self, x):
        return F.dropout(self.fc(x), self.p)
