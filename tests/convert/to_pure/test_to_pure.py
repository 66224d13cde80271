"""Classes that become functions, with torch as the referee: first states, outputs, gradients, buffers, vmap."""

from __future__ import annotations

from typing import Any

import pytest
from pure_text import CASES, RESIDUAL, STATIC, pure

from nnflip.convert import Options, convert_source


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


def test_comments_of_methods_without_an_instance_stay() -> None:
    assert "\n\n\n# only even sizes\ndef check(size: int, least=2) -> None:\n" in pure(STATIC).text


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


def test_functions_stay_beside_a_class_that_stays() -> None:
    text = '''class Other(nn.Module):
    def __init__(self):
        """Seen."""
        super().__init__()
        self.seen = None

    def forward(self, x):
        self.seen = x
        return x


class Head(nn.Module):
    def __init__(self, size):
        """A docstring of its own."""
        super().__init__()
        self.fc = nn.Linear(size, 2)

    def forward(self, x):
        return self.fc(x)
'''
    once = pure(text)
    assert "def head_forward(params, buffers, x, *, training):" in once.text
    assert convert_source(once.text, Options(to="pure")).text == once.text


def test_names_that_are_taken_are_left_to_those_who_have_them() -> None:
    text = """class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 2)

    def forward(self, x):
        return self.fc(x)
"""
    assert "\ndef head_forward(" in pure(f"forward = None\n\n\n{text}").text
    both = pure(f"forward = None\n\n\ndef head_forward(x):\n    return x\n\n\n{text}").text
    assert "\ndef head_model_forward(params, buffers, x, *, training):" in both
    assert "class Head(" in convert_source(both, Options(to="functional")).text
