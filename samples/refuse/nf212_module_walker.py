# A layer that becomes parameters is met at another time or not at all, and a new module suddenly is.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(8, 10)
        self.leaves = [module for module in self.modules() if not list(module.children())]

    def forward(self, x):
        return self.head(x)
