# nn modules switch with train() and eval(); this call does not, so a module would behave differently.
# nnflip convert --to module
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def forward(self, x):
        x = F.dropout(x, 0.5)
        return F.dropout(x, 0.5, training=True)
