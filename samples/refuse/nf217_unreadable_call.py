# With *args or **kwargs what is passed is known only when the program runs.
# nnflip convert --to module
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def forward(self, x, **settings):
        return F.relu(x, **settings)
