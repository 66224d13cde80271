# The file itself makes modules of this class, and functions are not made so.
# nnflip convert --to pure

import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(x)


def small():
    return Net()
