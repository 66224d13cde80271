# One call in a loop cannot be F.linear and F.relu at once.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(8, 8), nn.ReLU()])

    def forward(self, x):
        return [layer(x) for layer in self.layers]
