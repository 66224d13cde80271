# The new code needs a name that means something else at this place.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(8, 10)

    def forward(self, F, torch, nn):
        return self.head(F + torch + nn)
