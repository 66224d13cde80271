# Converting takes the attribute away, and the string would no longer find it.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(8, 10))

    def forward(self, x):
        return self.head(x)


def named(model, name):
    return getattr(model, name)


def replaced(model):
    return named(model, "head")
