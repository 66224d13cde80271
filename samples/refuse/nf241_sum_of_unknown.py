# A FloatFunctional adds tensors only; numbers, sequences and tensors share the operator.
# nnflip convert --for quantize
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, x, bias):
        return self.conv(x) + bias
