# The {slot} that a module is given becomes a buffer: it is in the state_dict and moves with the model.
# nnflip convert --to module
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.balance = torch.tensor([1.0, 2.0])

    def forward(self, x, labels):
        return F.cross_entropy(x, labels, self.balance)
