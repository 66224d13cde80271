# TorchScript compiles the source itself and accepts only part of Python.
# nnflip convert --to functional
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(8, 10)

    @torch.jit.script_method
    def forward(self, x):
        return self.head(x)
