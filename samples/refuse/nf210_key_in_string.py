# Converting renames the key, and the string would no longer find it.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(8, 10))

    def forward(self, x):
        return self.head(x)


def classes(checkpoint):
    return checkpoint["head.1.weight"].shape[0]
