"""Models to write as functions of their parameters, with the shape of their input and arguments for them."""

from __future__ import annotations

from typing import Any

from nnflip.convert import Conversion, Options, convert_source

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n"

RESIDUAL = '''class Block(nn.Module):
    """Two convolutions."""

    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.shortcut = nn.Sequential()
        if stride != 1 or cin != cout:
            self.shortcut = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout))

    def forward(self, x):
        # first the long way
        out = F.relu(self.bn1(self.conv1(x)))
        return out + self.shortcut(x)


class Net(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.layer1 = Block(3, 8)
        self.layer2 = Block(8, 16, 2)
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(16, classes)

    def forward(self, x):
        x = self.layer2(self.layer1(x))
        return self.fc(self.drop(x.mean((2, 3))))
'''

FUNCTIONAL = """class Net(nn.Module):
    def __init__(self, width=6, bias=True, *, slope: float = 0.1):
        super().__init__()
        self.w1 = nn.Parameter(torch.randn(width, 4) * 0.1)
        self.b1 = nn.Parameter(torch.zeros(width)) if bias else None
        self.scale = width ** -0.5
        self.slope = slope
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.xavier_uniform_(self.w1)

    def features(self, x):
        return F.leaky_relu(F.linear(x, self.w1, self.b1), self.slope)

    def forward(self, x):
        if x.dim() == 1:
            return self.features(x) * self.scale, None
        return self.features(x) * self.scale, x
"""

POSITIONS = """class Net(nn.Module):
    def __init__(self, size=8, longest=16):
        super().__init__()
        position = torch.arange(longest).unsqueeze(1)
        table = torch.zeros(longest, size)
        table[:, 0::2] = torch.sin(position / size)
        table[:, 1::2] = torch.cos(position / size)
        self.register_buffer("table", table)
        self.proj = nn.Linear(size, size)

    def forward(self, x):
        return self.proj(x + self.table[: x.size(1)])
"""

STATISTICS = """class Net(nn.Module):
    momentum = 0.1

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(3, 5))
        self.register_buffer("mean", torch.zeros(3))
        self.register_buffer("seen", torch.tensor(0))

    def forward(self, x):
        x = F.linear(x, self.weight)
        if self.training:
            self.mean = (1 - self.momentum) * self.mean + self.momentum * x.detach().mean(0)
            self.seen += 1
        return x - self.mean, self.seen.float()
"""

MASKED = """class Net(nn.Module):
    def __init__(self, heads=2, size=8):
        super().__init__()
        assert size % heads == 0
        depth = size // heads
        self.heads, self.scale = heads, depth ** -0.5
        self.qkv = nn.Linear(size, 3 * size, bias=False)
        self.norm = nn.LayerNorm(size)

    def forward(self, x, mask=None):
        b, n, c = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        attention = (q @ k.transpose(-2, -1) * self.scale).softmax(-1)
        return (attention @ v).transpose(1, 2).reshape(b, n, c)
"""

STATIC = """class Net(nn.Module):
    def __init__(self, size=4):
        super().__init__()
        assert self.check(size) is None
        self.proj = nn.Linear(size, size)

    @staticmethod
    # only even sizes
    def check(size: int, least=2) -> None:
        assert size % least == 0

    @staticmethod
    def shifted(x, by):
        return x + by

    def forward(self, x):
        return self.shifted(self.proj(x), by=1)
"""

CASES = {
    "classes that hold classes": (RESIDUAL, (2, 3, 8, 8), {"classes": 4}),
    "parameters of its own": (FUNCTIONAL, (5, 4), {}),
    "without a bias": (FUNCTIONAL, (5, 4), {"bias": False, "width": 3}),
    "a table for a buffer": (POSITIONS, (2, 5, 8), {}),
    "statistics by hand": (STATISTICS, (4, 5), {}),
    "methods without an instance": (STATIC, (3, 4), {}),
    "settings that are computed": (MASKED, (2, 5, 8), {"heads": 4}),
}


def pure(text: str, **options: Any) -> Conversion:
    return convert_source(HEAD + text, Options(to="pure", **options))
