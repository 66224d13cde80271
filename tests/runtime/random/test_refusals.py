"""What torch refuses to draw is refused here, with its class and its words; refused draws draw nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

import nnflip.runtime as ours

REFUSED: dict[str, Callable[[Any], Any]] = {
    "uniform_ upside down": lambda t: t.empty(3).uniform_(2, 1),
    "uniform_ upside down, empty": lambda t: t.empty(0).uniform_(2, 1),
    "uniform_ too wide": lambda t: t.empty(3).uniform_(-3e38, 3e38),
    "uniform_ beyond float32": lambda t: t.empty(3).uniform_(1e39, 2e39),
    "uniform_ from nan": lambda t: t.empty(3).uniform_(float("nan"), 1),
    "uniform_ on integers": lambda t: t.empty(3, dtype=t.int64).uniform_(),
    "uniform_ unknown keyword": lambda t: t.empty(3).uniform_(a=1),
    "uniform_ on a leaf": lambda t: t.empty(3, requires_grad=True).uniform_(),
    "uniform_ on an expanded tensor": lambda t: t.empty(3).expand(2, 3).uniform_(),
    "normal_ negative std": lambda t: t.empty(3).normal_(0, -1),
    "normal_ on integers": lambda t: t.empty(3, dtype=t.int64).normal_(),
    "normal_ on booleans": lambda t: t.empty(3, dtype=t.bool).normal_(),
    "exponential_ rate 0": lambda t: t.empty(3).exponential_(0),
    "exponential_ on integers": lambda t: t.empty(3, dtype=t.int64).exponential_(),
    "cauchy_ sigma 0": lambda t: t.empty(3).cauchy_(0, 0),
    "cauchy_ on integers": lambda t: t.empty(3, dtype=t.int64).cauchy_(),
    "log_normal_ std 0": lambda t: t.empty(3).log_normal_(0, 0),
    "log_normal_ on integers": lambda t: t.empty(3, dtype=t.int64).log_normal_(),
    "geometric_ p 0": lambda t: t.empty(3).geometric_(0),
    "geometric_ p 1": lambda t: t.empty(3).geometric_(1),
    "geometric_ on booleans": lambda t: t.empty(3, dtype=t.bool).geometric_(0.5),
    "bernoulli_ p 1.5": lambda t: t.empty(3).bernoulli_(1.5),
    "bernoulli_ tensor p 1.5": lambda t: t.empty(3).bernoulli_(t.tensor(1.5)),
    "bernoulli_ integer p": lambda t: t.empty(3).bernoulli_(t.tensor([1, 0, 1])),
    "bernoulli of integers": lambda t: t.bernoulli(t.tensor([1, 0, 1])),
    "bernoulli of nan": lambda t: t.bernoulli(t.tensor([float("nan"), 0.5])),
    "random_ empty range": lambda t: t.empty(3).random_(5, 5),
    "random_ beyond uint8": lambda t: t.empty(3, dtype=t.uint8).random_(0, 300),
    "random_ below uint8": lambda t: t.empty(3, dtype=t.uint8).random_(-1, 30),
    "random_ beyond bool": lambda t: t.empty(3, dtype=t.bool).random_(0, 3),
    "random_ from beyond the mantissa": lambda t: t.empty(3).random_(2**24, None),
    "random_ all of int64 into int32": lambda t: t.empty(3, dtype=t.int32).random_(-(2**63), None),
    "random_ all of int64 into half": lambda t: t.empty(3, dtype=t.float16).random_(-(2**63), None),
    "random_ of uint64 to its end": lambda t: t.empty(3, dtype=t.uint64).random_(5, None),
    "random_ of complex numbers": lambda t: t.empty(3, dtype=t.complex64).random_(0, 5),
    "rand negative size": lambda t: t.rand(2, -1),
    "rand fractional size": lambda t: t.rand(2.5),
    "rand of text": lambda t: t.rand("a"),
    "rand integers": lambda t: t.rand(2, dtype=t.int64),
    "randn integers": lambda t: t.randn(2, dtype=t.int64),
    "randint empty range": lambda t: t.randint(5, 5, (2,)),
    "randint empty range, no elements": lambda t: t.randint(10, 0, (0,)),
    "randint beyond int32": lambda t: t.randint(0, 2**40, (3,), dtype=t.int32),
    "randint fractional": lambda t: t.randint(2.5, (2,)),
    "randperm negative": lambda t: t.randperm(-1),
    "randperm fractional": lambda t: t.randperm(2.5),
    "randperm of booleans": lambda t: t.randperm(5, dtype=t.bool),
    "randperm beyond half": lambda t: t.randperm(5000, dtype=t.float16),
    "normal negative std": lambda t: t.normal(0, -1, (2,)),
    "normal tensor of negative std": lambda t: t.normal(t.zeros(3), -t.ones(3)),
    "normal integer mean": lambda t: t.normal(t.zeros(3, dtype=t.int64), 1.0),
    "multinomial none": lambda t: t.multinomial(t.ones(3), 0),
    "multinomial too many": lambda t: t.multinomial(t.ones(3), 4),
    "multinomial 3-d": lambda t: t.multinomial(t.ones(3, 3, 3), 1),
    "multinomial 0-d": lambda t: t.multinomial(t.tensor(1.0), 1),
    "multinomial integers": lambda t: t.multinomial(t.ones(3, dtype=t.int64), 1),
    "multinomial negative": lambda t: t.multinomial(t.tensor([-1.0, 1]), 1),
    "multinomial infinite": lambda t: t.multinomial(t.tensor([float("inf"), 1]), 1, True),
    "multinomial all zero": lambda t: t.multinomial(t.zeros(2), 1),
    "poisson negative": lambda t: t.poisson(t.tensor([-1.0, 2])),
    "poisson integers": lambda t: t.poisson(t.tensor([1, 2])),
}
"""Where the first line of torch's message is expected here too."""


@pytest.mark.torch
@pytest.mark.parametrize("name", REFUSED)
def test_refusals_are_those_of_torch(name: str, torch: Any) -> None:
    with pytest.raises(Exception) as theirs:  # noqa: PT011 - whatever torch raises
        REFUSED[name](torch)
    ours.manual_seed(0)
    before = ours.get_rng_state().tolist()
    message = str(theirs.value).split("\n")[0].split("  (Could")[0]
    with pytest.raises(theirs.type, match=re.escape(message)):
        REFUSED[name](ours)
    assert ours.get_rng_state().tolist() == before


def test_a_wrong_generator_is_named() -> None:
    with pytest.raises(TypeError, match=r"argument 'generator' must be torch.Generator, not str"):
        ours.zeros(2).uniform_(generator="x")


def test_integers_beyond_the_mantissa_are_warned_of() -> None:
    with pytest.warns(UserWarning, match=r"to - 1 is out of bounds \[-\(2\^24\), 2\^24\]"):
        ours.zeros(3).random_(0, 2**30)
