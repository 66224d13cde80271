import torch
import torch.nn as nn
import torch.nn.functional as F


class Fine(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        out = self.fc(x)
        out = F.relu(out)
        _probe = self.fc(out)
        kept = F.relu(out)
        for _ in range(2):
            out = F.relu(kept)
            kept = self.fc(kept)
        return out


class Found(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        out = self.fc(x)
        out = F.relu(x)
        unused = self.fc(out)
        return out
