# The weight of a wrapped layer is computed from other parameters before every call.
# nnflip convert --to functional
import torch.nn as nn
from torch.nn.utils import spectral_norm, weight_norm


class Net(nn.Module):
    def __init__(self, spectral=False):
        super().__init__()
        norm = spectral_norm if spectral else weight_norm
        self.first = weight_norm(nn.Conv1d(80, 128, 7, padding=3))
        self.rest = nn.ModuleList([norm(nn.Conv1d(128, 128, 3, padding=1)), norm(nn.Conv1d(128, 1, 3))])

    def forward(self, x):
        x = self.first(x)
        for conv in self.rest:
            x = conv(x)
        return x
