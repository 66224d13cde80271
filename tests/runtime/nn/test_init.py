"""nn.init fills tensors with torch's own numbers, and refuses what torch refuses."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import nnflip.runtime as ours

SHAPES = ((5,), (3, 5), (16, 3), (6, 4, 3), (8, 2, 3, 3), (4, 3, 2, 2, 2))


def targets(t: Any, least: int = 1) -> Iterator[Any]:
    for dtype in (t.float32, t.float64):
        for shape in SHAPES:
            if len(shape) >= least:
                yield t.empty(shape, dtype=dtype)
    yield t.empty(6, 9).t()


def case(fill: Callable[[Any, Any], Any], least: int = 1) -> Callable[[Any], Iterator[Any]]:
    def yielded(t: Any) -> Iterator[Any]:
        t.manual_seed(40)
        for target in targets(t, least):
            yield fill(t.nn.init, target)
        yield t.get_rng_state()

    return yielded


def structured(t: Any) -> Iterator[Any]:
    t.manual_seed(41)
    init = t.nn.init
    for shape in ((3, 5), (5, 3), (4, 4)):
        yield init.eye_(t.empty(shape))
        yield init.sparse_(t.empty(shape), 0.4)
        yield init.sparse_(t.empty(shape).t(), 0.1, std=2.0, generator=t.Generator().manual_seed(3))
    for shape in ((6, 4, 3), (4, 6, 3, 3), (6, 3, 2, 3, 4)):
        yield init.dirac_(t.empty(shape))
        yield init.dirac_(t.empty(shape), 2)
    yield init.constant_(t.empty(3, 2), 0.3)
    yield init.ones_(t.empty(3, dtype=t.int64))
    yield init.zeros_(t.empty(3, 2))
    yield t.get_rng_state()


def generators(t: Any) -> Iterator[Any]:
    generator = t.Generator().manual_seed(42)
    init = t.nn.init
    for fill in (init.uniform_, init.normal_, init.trunc_normal_, init.xavier_uniform_, init.xavier_normal_):
        yield fill(t.empty(4, 5), generator=generator)
    for fill in (init.kaiming_uniform_, init.kaiming_normal_):
        yield fill(t.empty(4, 5), 0.1, "fan_out", "leaky_relu", generator)
    yield generator.get_state()


CASES = {
    "uniform_": case(lambda init, x: init.uniform_(x)),
    "uniform_ a b": case(lambda init, x: init.uniform_(x, -0.1, 0.3)),
    "normal_": case(lambda init, x: init.normal_(x)),
    "normal_ mean std": case(lambda init, x: init.normal_(x, 0.1, 0.02)),
    "trunc_normal_": case(lambda init, x: init.trunc_normal_(x)),
    "trunc_normal_ narrow": case(lambda init, x: init.trunc_normal_(x, 0.1, 0.02, -0.01, 0.12)),
    "trunc_normal_ rejected": case(lambda init, x: init.trunc_normal_(x, 0.0, 1.0, 1.0, 1.5)),
    "trunc_normal_ small share": case(lambda init, x: init.trunc_normal_(x, 0.0, 1.0, -0.1, 0.1)),
    "xavier_uniform_": case(lambda init, x: init.xavier_uniform_(x), 2),
    "xavier_uniform_ gain": case(lambda init, x: init.xavier_uniform_(x, init.calculate_gain("relu")), 2),
    "xavier_normal_": case(lambda init, x: init.xavier_normal_(x, 0.5), 2),
    "kaiming_uniform_": case(lambda init, x: init.kaiming_uniform_(x, 5**0.5), 2),
    "kaiming_uniform_ fan_out relu": case(lambda init, x: init.kaiming_uniform_(x, 0, "fan_out", "relu"), 2),
    "kaiming_normal_": case(lambda init, x: init.kaiming_normal_(x), 2),
    "kaiming_normal_ selu": case(lambda init, x: init.kaiming_normal_(x, mode="FAN_OUT", nonlinearity="selu"), 2),
    "structured": structured,
    "generators": generators,
}


@pytest.mark.parametrize("name", CASES)
def test_fills_have_the_recorded_bits(name: str, recorded: Any) -> None:
    recorded.same(f"init: {name}", CASES[name], ours)


@pytest.mark.torch
@pytest.mark.parametrize("name", CASES)
def test_fills_are_those_of_torch(name: str, torch: Any) -> None:
    for theirs, mine in zip(CASES[name](torch), CASES[name](ours), strict=True):
        assert str(mine.dtype) == str(theirs.dtype)
        assert mine.numpy().tobytes() == theirs.numpy().tobytes()


@pytest.mark.torch
@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (4, 4), (8, 2, 3, 3), (2, 3, 2)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_orthogonal_is_close_to_torch(shape: tuple[int, ...], dtype: str, torch: Any) -> None:
    torch.manual_seed(43), ours.manual_seed(43)
    theirs = torch.nn.init.orthogonal_(torch.empty(shape, dtype=getattr(torch, dtype)), 1.5)
    mine = ours.nn.init.orthogonal_(ours.empty(shape, dtype=getattr(ours, dtype)), 1.5)
    assert np.allclose(mine.numpy(), theirs.numpy(), rtol=0, atol=1e-5 if dtype == "float32" else 1e-13)
    assert ours.rand(3).tolist() == torch.rand(3).tolist()


def test_orthogonal_rows_are_orthogonal() -> None:
    flat = ours.nn.init.orthogonal_(ours.empty(4, 3, 3, dtype=ours.float64)).numpy().reshape(4, 9)
    assert np.allclose(flat @ flat.T, np.eye(4), atol=1e-12)


@pytest.mark.torch
@pytest.mark.parametrize("nonlinearity", ["linear", "conv2d", "conv_transpose3d", "sigmoid", "tanh", "relu", "selu"])
def test_gains_are_those_of_torch(nonlinearity: str, torch: Any) -> None:
    assert ours.nn.init.calculate_gain(nonlinearity) == torch.nn.init.calculate_gain(nonlinearity)


@pytest.mark.torch
@pytest.mark.parametrize("slope", [None, 0, 0.2, 3])
def test_gain_of_leaky_relu_takes_the_slope(slope: Any, torch: Any) -> None:
    assert ours.nn.init.calculate_gain("leaky_relu", slope) == torch.nn.init.calculate_gain("leaky_relu", slope)


@pytest.mark.torch
def test_names_and_signatures_are_those_of_torch(torch: Any) -> None:
    for name in [*torch.nn.init.__all__, "_calculate_fan_in_and_fan_out", "_calculate_correct_fan"]:
        mine, theirs = getattr(ours.nn.init, name), getattr(torch.nn.init, name)
        if name in torch.nn.init.__all__ and name + "_" in torch.nn.init.__all__:
            assert mine.__name__ == theirs.__name__
            continue
        expected = [(p.name, p.default, p.kind) for p in inspect.signature(theirs).parameters.values()]
        assert [(p.name, p.default, p.kind) for p in inspect.signature(mine).parameters.values()] == expected, name


REFUSED: dict[str, Callable[[Any], Any]] = {
    "eye_ of one dim": lambda t: t.nn.init.eye_(t.empty(3)),
    "dirac_ of two dims": lambda t: t.nn.init.dirac_(t.empty(3, 3)),
    "dirac_ groups": lambda t: t.nn.init.dirac_(t.empty(3, 3, 3), 2),
    "sparse_ of one dim": lambda t: t.nn.init.sparse_(t.empty(3), 0.1),
    "orthogonal_ of one dim": lambda t: t.nn.init.orthogonal_(t.empty(3)),
    "xavier_uniform_ of one dim": lambda t: t.nn.init.xavier_uniform_(t.empty(3)),
    "kaiming_normal_ of one dim": lambda t: t.nn.init.kaiming_normal_(t.empty(3)),
    "kaiming_uniform_ mode": lambda t: t.nn.init.kaiming_uniform_(t.empty(3, 3), mode="fan"),
    "kaiming_uniform_ nonlinearity": lambda t: t.nn.init.kaiming_uniform_(t.empty(3, 3), nonlinearity="swish"),
    "gain of what is no activation": lambda t: t.nn.init.calculate_gain("swish"),
    "gain with a wrong slope": lambda t: t.nn.init.calculate_gain("leaky_relu", True),
    "gain with text for a slope": lambda t: t.nn.init.calculate_gain("leaky_relu", "0.1"),
    "uniform_ upside down": lambda t: t.nn.init.uniform_(t.empty(3), 1, 0),
    "normal_ negative std": lambda t: t.nn.init.normal_(t.empty(3), 0, -1),
}


@pytest.mark.torch
@pytest.mark.parametrize("name", REFUSED)
def test_refusals_are_those_of_torch(name: str, torch: Any) -> None:
    with pytest.raises(Exception) as theirs:  # noqa: PT011 - whatever torch raises
        REFUSED[name](torch)
    with pytest.raises(theirs.type, match=re.escape(str(theirs.value))):
        REFUSED[name](ours)


@pytest.mark.parametrize("name", ["kaiming_uniform_", "kaiming_normal_"])
def test_empty_tensors_are_warned_of(name: str) -> None:
    with pytest.warns(UserWarning, match="Initializing zero-element tensors is a no-op"):
        getattr(ours.nn.init, name)(ours.empty(0, 3))


def test_far_bounds_are_warned_of() -> None:
    with pytest.warns(UserWarning, match="mean is more than 2 std from"):
        ours.nn.init.trunc_normal_(ours.empty(3), 0, 1, 3, 4)


@pytest.mark.parametrize("name", ["uniform", "normal", "xavier_uniform", "kaiming_normal", "eye", "orthogonal"])
def test_old_names_warn_and_work(name: str) -> None:
    x = ours.empty(3, 3)
    with pytest.warns(FutureWarning, match=rf"`nn.init.{name}` is now deprecated in favor of `nn.init.{name}_`"):
        assert getattr(ours.nn.init, name)(x) is x


def test_a_leaf_is_filled_and_stays_one() -> None:
    weight = ours.zeros(3, 4, requires_grad=True)
    assert ours.nn.init.kaiming_uniform_(weight) is weight
    assert weight.is_leaf
    assert weight.requires_grad
    assert weight.grad_fn is None
