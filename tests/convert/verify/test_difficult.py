"""Pairs whose truth is easy to get wrong: branches on data, chance, hidden state, unusual outputs."""

from __future__ import annotations

import pytest

HEAD = """\
import random, time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

KEPT = []


@dataclass
class Out:
    y: torch.Tensor
    n: int


class Pair(NamedTuple):
    y: torch.Tensor
    n: int


class Plain:
    def __init__(self, y):
        self.y = y
"""
NET = """

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)
        {made}

    def forward(self, x):
        {forward}
"""


def net(forward: str, made: str = "pass") -> str:
    return HEAD + NET.format(forward=forward.replace("; ", "\n        "), made=made)


UNSEEN = {  # equal on what was run, and elsewhere not: never proven
    "a branch on values": "h = self.fc(x); return h * {} if x.sum() > 1000 else h",
    "a branch on an item": "h = self.fc(x); return h * {} if x.max().item() > 1e6 else h",
    "a branch on torch.equal": "h = self.fc(x); return h * {} if torch.equal(x, x * 2) else h",
    "a branch on torch.allclose": "h = self.fc(x); return h * {} if torch.allclose(x, x * 2) else h",
    "a branch on how many there are": "h = self.fc(x); return h * {} if x[x > 100].shape[0] else h",
    "a branch on where they are": "h = self.fc(x); return h * {} if len((x > 100).nonzero()) else h",
    "a number of Python": "h = self.fc(x); return h + max(float(x.mean()) * {}, 50.0)",
    "a detour through numpy": "h = self.fc(x); return h + max(x.detach().numpy().mean() * {}, 50.0)",
}
SAME = {  # a model beside itself
    "chance of torch": ("return self.fc(x) + torch.randn(3)", "proven"),
    "chance of Python": ("return self.fc(x) * random.random()", "equal"),
    "chance of numpy": ("return self.fc(x) * float(np.random.rand())", "equal"),
    "a changed input": ("x += 1; return self.fc(x)", "proven"),
    "a generator": ("return (self.fc(x) * i for i in range(3))", "proven"),
    "a generator function": ("yield self.fc(x); yield x", "proven"),
    "numbers as keys": ("return {0: self.fc(x), 1: x}", "proven"),
    "a dataclass": ("return Out(self.fc(x), 3)", "proven"),
    "a named tuple": ("return Pair(self.fc(x), 3)", "proven"),
    "a plain object": ("return Plain(self.fc(x))", "proven"),
    "an array": ("return self.fc(x).detach().numpy()", "equal"),
    "a number": ("return self.fc(x).sum().item()", "equal"),
    "nothing": ("self.fc(x); return None", "inconclusive"),
    "the time": ("return self.fc(x) * time.time()", "inconclusive"),
    "state of the module file": ("KEPT.append(1); return self.fc(x) * len(KEPT)", "inconclusive"),
}
OTHER = {  # the second differs
    "the order of draws": ("a, b = torch.rand(3), torch.rand(3); return {} * self.fc(x)", "(a - b)", "(b - a)"),
    "chance of Python": ("return self.fc(x) * {}", "random.random()", "random.uniform(0, 2)"),
    "an input changed in one only": ("{}; return self.fc(x)", "x += 1", "x = x + 1"),
    "more items": ("return (self.fc(x) for i in range({}))", "3", "4"),
    "words for numbers as keys": ("return {{{}: self.fc(x)}}", "0", "'0'"),
    "the order of keys": ("return {{{}}}", "'a': x, 'b': self.fc(x)", "'b': self.fc(x), 'a': x"),
    "a field": ("return Out(self.fc(x), {})", "3", "4"),
    "a field of an object": ("return Plain(self.fc(x) + {})", "0", "1"),
    "an array": ("return {}", "self.fc(x).detach().numpy()", "self.fc(x).detach()"),
    "a number": ("return self.fc(x).{}().item()", "sum", "mean"),
}
COUNTED = "self.calls += 1; return self.fc(x) * (1 if self.calls < 2 else {})"
HELD = "self.held = self.held * {} + self.fc(x).detach().mean(); return self.fc(x) + self.held"


@pytest.mark.parametrize("forward", UNSEEN.values(), ids=UNSEEN)
def test_what_was_not_run_is_not_proven(verified, forward):
    a, b = net(forward.format(2)), net(forward.format(3))
    assert verified(a, b, seeds=(0, 1)).verdict == "equal"


@pytest.mark.parametrize(("forward", "expected"), SAME.values(), ids=SAME)
def test_a_model_beside_itself(verified, forward, expected):
    assert verified(net(forward), net(forward), seeds=(0, 1)).verdict == expected


@pytest.mark.parametrize(("forward", "one", "other"), OTHER.values(), ids=OTHER)
def test_small_differences_are_seen(verified, forward, one, other):
    assert verified(net(forward.format(one)), net(forward.format(other)), seeds=(0, 1)).verdict == "different"


@pytest.mark.parametrize(("forward", "made"), [(COUNTED, "self.calls = 0"), (HELD, "self.held = torch.zeros(1)")])
def test_state_between_calls_is_begun_anew_and_compared(verified, forward, made):
    a, b = net(forward.format(2), made), net(forward.format(3), made)
    assert verified(a, a).verdict == "equal"
    assert verified(a, b).verdict == "different"


def test_what_depends_on_the_time_is_named(verified_on_numpy):
    source = net("return self.fc(x) * time.time()")
    model = verified_on_numpy(source, source).models[0]
    assert (model.code, "differs from itself" in model.reason) == ("NF421", True)
