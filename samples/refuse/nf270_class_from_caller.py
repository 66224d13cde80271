# Which class the layer is of is known only when the program runs.
# nnflip convert --to functional
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, size, norm_layer=nn.LayerNorm, act=None):
        super().__init__()
        act = act or nn.ReLU
        self.norm = norm_layer(size)
        self.act = act()

    def forward(self, x):
        return self.act(self.norm(x))
