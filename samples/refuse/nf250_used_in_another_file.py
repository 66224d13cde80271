# A file that is converted together with this one (nf250_used_in_another_file/train.py) reads a weight by its place.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        return self.fc(x)
