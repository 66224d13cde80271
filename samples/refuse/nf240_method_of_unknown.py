# A method of that name on something else may do anything.
# nnflip convert --to module
import torch.nn as nn


class Net(nn.Module):
    def forward(self, batch):
        return batch.features.relu()
