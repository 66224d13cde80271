# A submodule has a mode of its own; code that sets modes may treat owner and layer differently.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.5)

    def train(self, mode=True):
        super().train(mode)
        self.drop.train(True)
        return self

    def forward(self, x):
        return self.drop(x)
