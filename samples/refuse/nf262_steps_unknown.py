# How many parameters there are is known only when the model is built.
# nnflip convert --to functional --expand rnn
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, both=False):
        super().__init__()
        self.rnn = nn.GRU(8, 16, bidirectional=both)
        self.cells = nn.ModuleList([nn.GRUCell(8, 8)])

    def forward(self, x):
        return self.rnn(x)[0]
