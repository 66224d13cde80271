"""Attributes that hold one layer or another, and layers that are called under a condition."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]


def images(channels: int = 4) -> Any:
    import torch

    return lambda: [torch.randn(2, channels, 6, 6, generator=torch.Generator().manual_seed(3))]


def codes(conversion: Any) -> list[str]:
    return [kept.code for kept in conversion.all_kept]


SHORTCUT = """class Net(nn.Module):
    def __init__(self, out=4, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(4, out, 3, stride, 1)
        self.shortcut = nn.Sequential()
        if stride != 1 or out != 4:
            self.shortcut = nn.Sequential(
                nn.Conv2d(4, out, 1, stride=stride, bias=False),  # match
                nn.BatchNorm2d(out),
            )
        self.last = nn.Conv2d(out, 2, 1)

    def forward(self, x):
        return self.last(F.relu(self.conv(x) + self.shortcut(x)))
"""


def test_a_shortcut_that_is_replaced_becomes_a_method(judge: Any) -> None:
    conversion = judge(SHORTCUT, images(), (4, 1), (8, 1), (4, 2))
    assert not conversion.all_kept
    assert (
        """    def shortcut(self, x):
        if self.shortcut_0_weight is None:
            return x
        x = F.conv2d("""
        in conversion.text
    )
    assert "# match" in conversion.text


ASKED = """class Net(nn.Module):
    def __init__(self, out=4):
        super().__init__()
        if out != 4:
            self.shortcut = nn.Sequential(nn.Conv2d(4, out, 1))
        self.last = nn.Conv2d(out, 2, 1)

    def forward(self, x):
        y = self.shortcut(x) if hasattr(self, 'shortcut') else x
        return self.last(y)
"""


def test_hasattr_asks_for_the_parameter(judge: Any) -> None:
    conversion = judge(ASKED, images(), (4,), (8,))
    assert "hasattr(self, 'shortcut_0_weight')" in conversion.text
    assert not conversion.all_kept


CONDITIONAL = """class Net(nn.Module):
    def __init__(self, norm=True, act=None, up="near"):
        super().__init__()
        self.norm = nn.BatchNorm2d(4) if norm else nn.Identity()
        self.pre = nn.Conv2d(4, 4, 1) if act is None else None
        self.act = nn.ReLU() if act is None else nn.LeakyReLU(0.2) if act == "leaky" else None
        if up == "near":
            self.up = nn.Upsample(scale_factor=2)
        elif up == "conv":
            self.up = nn.ConvTranspose2d(4, 4, 2, 2)
        else:
            self.up = nn.Sequential(nn.Conv2d(4, 4, 1), nn.Dropout(0.3))

    def forward(self, x):
        if self.pre is not None:
            x = self.pre(x)
        x = self.up(self.norm(x))
        return x if self.act is None else self.act(x)
"""


def test_each_arm_runs_its_own_layers(judge: Any) -> None:
    arguments = [
        (norm, act, up) for norm in (True, False) for act in (None, "leaky", "no") for up in ("near", "conv", "")
    ]
    conversion = judge(CONDITIONAL, images(), *arguments)
    assert not conversion.all_kept
    assert "if self.pre_weight is not None:" in conversion.text
    assert "return x if self.act_kind is None else self.act(x)" in conversion.text


UNDER_A_CONDITION = """class Net(nn.Module):
    def __init__(self, expand=1):
        super().__init__()
        self.expand = expand
        self.conv = nn.Conv2d(4, 4, 1)
        self.bn = nn.BatchNorm2d(4)
        self.both = nn.BatchNorm2d(4)

    def forward(self, x):
        out = x if self.expand == 1 else F.relu(self.bn(self.conv(x)))
        return torch.cat([self.both(y) for y in (out, x)])
"""


def test_a_batch_norm_under_a_condition_becomes_a_method(judge: Any) -> None:
    conversion = judge(UNDER_A_CONDITION, images(), (1,), (2,))
    assert not conversion.all_kept
    assert "    def bn(self, x):\n        if self.training:\n" in conversion.text


EMPTY = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.skip = nn.Sequential()
        self.conv = nn.Conv2d(4, 4, 1)

    def forward(self, x):
        return self.skip(x) + self.conv(x)
"""


def test_an_empty_sequential_returns_its_input(judge: Any) -> None:
    assert not judge(EMPTY, images()).all_kept


SAME_KEYS = """class Net(nn.Module):
    def __init__(self, kind="batch"):
        super().__init__()
        if kind == "batch":
            self.norm = nn.BatchNorm2d(4)
        else:
            self.norm = nn.GroupNorm(2, 4)

    def forward(self, x):
        return self.norm(x)
"""


def test_arms_with_the_same_keys_share_their_names(judge: Any) -> None:
    conversion = judge(SAME_KEYS, images(), ("batch",), ("group",))
    assert conversion.models[0].state_map["norm.weight"].key == "norm_weight"
    assert "if self.norm_kind == 'BatchNorm2d':" in conversion.text


def test_what_has_no_state_may_be_replaced_by_another_method(judge: Any) -> None:
    text = """class Net(nn.Module):
    def __init__(self, pool=True):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 1)
        self.flatten = nn.Flatten(1) if pool else nn.Identity()

    def reset(self, pool):
        self.flatten = nn.Flatten(1) if pool else nn.Identity()

    def forward(self, x):
        x = self.flatten(self.conv(x))
        self.reset(x.dim() == 4)
        return x
"""
    conversion = judge(text, images(), (True,), (False,))
    assert not codes(conversion)
    assert "if self.flatten_kind == 'Flatten':" in conversion.text


@pytest.mark.parametrize("layer", ["nn.Dropout()", "nn.Linear(4, 4)", "nn.Sequential(nn.Identity(), nn.PReLU())"])
def test_what_has_state_or_a_mode_is_not_replaced_by_another_method(layer: str, to_function: Any) -> None:
    """A new layer is in training mode whatever its owner is in, and leaves no parameter of another behind."""
    text = f"""class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = nn.ReLU()

    def reset(self):
        self.act = {layer}

    def forward(self, x):
        return self.act(x)
"""
    assert "NF208" in codes(to_function(text))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(
            "self.fc = nn.Linear(4, 4)\n        if wide:\n            self.fc = nn.Linear(4, 8)",
            "NF208",
            id="a layer with parameters that is replaced stays: it has drawn",
        ),
        pytest.param(
            "if wide:\n            self.fc = nn.ReLU()\n        if not wide:\n            self.fc = nn.Tanh()",
            "NF208",
            id="two ifs may both run",
        ),
        pytest.param(
            "self.fc = nn.Linear(4, 4) if wide else None\n        self.all = [self.fc]", "NF214", id="a value stays"
        ),
        pytest.param(
            "self.fc = nn.Linear(4, 4) if wide else None\n        if self.fc: self.wide = wide",
            "NF214",
            id="a test of truth stays",
        ),
        pytest.param(
            "for i in range(2):\n            self.fc = nn.ReLU() if i else nn.Tanh()", "NF232", id="in a loop stays"
        ),
        pytest.param(
            "try:\n            self.fc = nn.ReLU()\n        except ValueError:\n            self.fc = nn.Tanh()",
            "NF208",
            id="try stays",
        ),
    ],
)
def test_stays(to_function: Any, body: str, code: str) -> None:
    text = f"""class Other(nn.Module):
    pass


class Net(nn.Module):
    def __init__(self, wide=False):
        super().__init__()
        {body}

    def forward(self, x):
        return self.fc(x)
"""
    conversion = to_function(text)
    assert code in codes(conversion)
    assert not conversion.changed
