"""Classes that become functions, with torch as the referee: first states, outputs, gradients, buffers, vmap."""

from __future__ import annotations

from typing import Any

import pytest

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

CASES = {
    "classes that hold classes": (RESIDUAL, (2, 3, 8, 8), {"classes": 4}),
    "parameters of its own": (FUNCTIONAL, (5, 4), {}),
    "without a bias": (FUNCTIONAL, (5, 4), {"bias": False, "width": 3}),
    "a table for a buffer": (POSITIONS, (2, 5, 8), {}),
    "statistics by hand": (STATISTICS, (4, 5), {}),
    "settings that are computed": (MASKED, (2, 5, 8), {"heads": 4}),
}


def pure(text: str, **options: Any) -> Conversion:
    return convert_source(HEAD + text, Options(to="pure", **options))


@pytest.mark.torch
@pytest.mark.parametrize(("text", "shape", "arguments"), CASES.values(), ids=CASES)
def test_functions_are_the_class(text: str, shape: tuple[int, ...], arguments: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch", reason="torch is the referee here")
    from pure_referee import PureReferee

    there = pure(text)
    assert there.all_kept == ()
    PureReferee(there, lambda: [torch.randn(shape)], arguments=arguments).check()


@pytest.mark.parametrize("text", {case[0] for case in CASES.values()})
def test_converting_twice_changes_nothing(text: str) -> None:
    once = pure(text)
    assert once.changed
    again = convert_source(once.text, Options(to="pure"))
    assert again.text == once.text


def test_comments_and_docstrings_stay_with_their_statements() -> None:
    text = '''class Net(nn.Module):  # a net
    """One layer.

        Indented.
    """

    def __init__(self, scale=2):  # all of it
        """Make it."""
        super().__init__()
        # the layer
        self.fc = nn.Linear(2, 3)  # small
        self.text = """
    as it is
"""

    # how it runs
    @torch.no_grad()
    def forward(self, x):  # runs
        """Run it."""
        # right away
        x = self.fc(
            x
        )
        return x * len("""
    as it is
""")
'''
    assert (
        pure(text).text
        == '''import math

import torch
import torch.nn as nn
import torch.nn.functional as F


# a net
# One layer.
#
# Indented.
def init_params(scale=2):  # all of it
    """Make it."""
    params = {}
    # the layer
    params["fc.weight"] = torch.empty(3, 2)  # small
    params["fc.bias"] = torch.empty(3)
    nn.init.kaiming_uniform_(params["fc.weight"], a=math.sqrt(5))
    fan_in = nn.init._calculate_fan_in_and_fan_out(params["fc.weight"])[0]
    bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
    nn.init.uniform_(params["fc.bias"], -bound, bound)
    return params


# how it runs
@torch.no_grad()
def forward(params, buffers, x, *, training):  # runs
    """Run it."""
    # right away
    x = F.linear(x, params["fc.weight"], params["fc.bias"])
    return x * len("""
    as it is
""")
'''
    )


def test_the_report_names_every_key_and_function() -> None:
    (block, net) = pure(RESIDUAL).models
    assert (block.style_after, net.style_after) == ("pure", "pure")
    assert all(key == move.key for key, move in net.state_map.items())
    assert "layer2.shortcut.1.running_mean" in net.state_map
    assert net.converted[0].what == "class Net → init_params, init_buffers, forward"


def test_strict_changes_all_or_nothing() -> None:
    text = (
        RESIDUAL + "\n\nclass Other(nn.Module):\n    def forward(self, x):\n        self.seen = x\n        return x\n"
    )
    assert pure(text).changed
    assert not pure(text, strict=True).changed


def test_only_the_classes_that_are_named_convert_with_their_family() -> None:
    text = RESIDUAL + "\n\nclass Other(nn.Module):\n    def forward(self, x):\n        return x\n"
    there = pure(text, only=frozenset({"Block"}))
    assert "class Other" in there.text
    assert "class Net" not in there.text
