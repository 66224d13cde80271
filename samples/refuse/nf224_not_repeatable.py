# The expression may have effects, or another value the second time.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.head = nn.Linear(sizes.pop(), 10)

    def forward(self, x):
        return self.head(x)
