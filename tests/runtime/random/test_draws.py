"""Every draw gives torch's numbers bit for bit, and leaves the stream where torch leaves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import nnflip.runtime as ours

SIZES = (0, 1, 2, 15, 16, 17, 31, 100, 1001)
FLOATS = ("float32", "float64", "float16")
INTEGERS = ("int64", "int32", "int16", "int8", "uint8")


def layouts(t: Any, dtype: str) -> Iterator[Any]:
    """Tensors to be filled: flat ones of all sizes, then transposed, sliced, permuted and 0-d ones."""
    kind = getattr(t, dtype)
    for size in SIZES:
        yield t.zeros(size, dtype=kind)
    yield t.zeros((), dtype=kind)
    yield t.zeros(6, 7, dtype=kind).t()
    yield t.zeros(8, 9, dtype=kind)[:, ::2]
    yield t.zeros(3, 4, 5, dtype=kind).permute(1, 2, 0)
    yield t.zeros(4, 3, 2, dtype=kind)[1:, :, 1]
    yield t.zeros(2, 1, 20, dtype=kind).transpose(0, 1)


def filling(change: Callable[..., Any], *dtypes: str) -> Callable[[Any], Iterator[Any]]:
    def case(t: Any) -> Iterator[Any]:
        t.manual_seed(20)
        for dtype in dtypes:
            for target in layouts(t, dtype):
                yield change(target)
        yield t.get_rng_state()

    return case


def drawing(make: Callable[[Any], Iterator[Any]]) -> Callable[[Any], Iterator[Any]]:
    def case(t: Any) -> Iterator[Any]:
        t.manual_seed(21)
        yield from make(t)
        yield t.get_rng_state()

    return case


def created(t: Any) -> Iterator[Any]:
    for size in SIZES:
        yield t.rand(size)
        yield t.randn(size)
        yield t.rand(size, dtype=t.float64)
        yield t.randn(size, dtype=t.float64)
        yield t.randint(10, (size,))
        yield t.randint(-5, 2**40, (size,))
        yield t.randperm(size)
    yield t.rand(2, 3)
    yield t.randn((2, 3, 4))
    yield t.rand(3, dtype=t.complex64)
    yield t.randn(20, dtype=t.complex128)
    yield t.randperm(7, dtype=t.float32)


def shaped_like(t: Any) -> Iterator[Any]:
    for other in (t.zeros(3, 4), t.zeros(5, 4).t(), t.zeros(4, 8, dtype=t.float64)[:, ::2], t.zeros(3, 1).expand(3, 5)):
        yield t.rand_like(other)
        yield t.randn_like(other)
        yield t.randint_like(other, 9)
        yield t.randint_like(other, 3, 9, dtype=t.int64)


def sampled(t: Any) -> Iterator[Any]:
    p = t.tensor([i / 20 for i in range(21)])
    for kind in (t.float32, t.float64, t.float16):
        yield t.bernoulli(p.to(kind))
    yield t.bernoulli(p, 0.3)
    yield t.zeros(21, dtype=t.int64).bernoulli_(p)
    yield t.zeros(3, 21).t().bernoulli_(p.view(21, 1))
    yield t.normal(2.0, 0.5, (20,))
    yield t.normal(p, 0.5)
    yield t.normal(1.0, p)
    yield t.normal(p.view(3, 7), t.ones(5, 3, 1, dtype=t.float64))


def chosen(t: Any) -> Iterator[Any]:
    weights = t.tensor([i / 30 for i in range(1, 61)])
    for kind in (t.float32, t.float64, t.float16):
        for count in (1, 7, 60):
            yield t.multinomial(weights.to(kind), count)
            yield t.multinomial(weights.to(kind), count, True)
            yield t.multinomial(weights.to(kind).view(4, 15), 3)
            yield t.multinomial(weights.to(kind).view(4, 15), 20, replacement=True)
    yield t.multinomial(weights.view(15, 4).t(), 5)


def counted(t: Any) -> Iterator[Any]:
    rates = t.tensor([i * 0.08 for i in range(500)])
    yield t.poisson(rates)
    yield t.poisson(rates.to(t.float64) * 100)
    yield t.poisson(rates.view(20, 25).t())


CASES = {
    "uniform_": filling(lambda x: x.uniform_(), *FLOATS),
    "uniform_ from to": filling(lambda x: x.uniform_(-0.3, 0.7), *FLOATS),
    "uniform_ within one step": filling(lambda x: x.uniform_(1, 1.000001), *FLOATS),
    "normal_": filling(lambda x: x.normal_(), *FLOATS),
    "normal_ mean std": filling(lambda x: x.normal_(0.3, 0.7), *FLOATS),
    "exponential_": filling(lambda x: x.exponential_(1.5), *FLOATS),
    "cauchy_": filling(lambda x: x.cauchy_(0.1, 2), *FLOATS),
    "log_normal_": filling(lambda x: x.log_normal_(0.1, 0.5), *FLOATS),
    "geometric_": filling(lambda x: x.geometric_(0.3), *FLOATS, *INTEGERS),
    "bernoulli_": filling(lambda x: x.bernoulli_(0.3), *FLOATS, *INTEGERS, "bool"),
    "random_": filling(lambda x: x.random_(), *FLOATS, *INTEGERS, "bool"),
    "random_ to": filling(lambda x: x.random_(100), *FLOATS, *INTEGERS),
    "random_ from to": filling(lambda x: x.random_(-7, 90), *FLOATS, "int64", "int32", "int16", "int8"),
    "random_ from": filling(lambda x: x.random_(5, None), *FLOATS, *INTEGERS),
    "random_ one word": filling(lambda x: x.random_(0, 2**28 - 1), "int64", "int32"),
    "random_ two words": filling(lambda x: x.random_(0, 2**28), "int64", "int32", "float64"),
    "random_ all of int64": filling(lambda x: x.random_(-(2**63), None), "int64", "float64", "float32"),
    "rand, randn, randint, randperm": drawing(created),
    "like": drawing(shaped_like),
    "bernoulli, normal": drawing(sampled),
    "multinomial": drawing(chosen),
    "poisson": drawing(counted),
}


@pytest.mark.parametrize("name", CASES)
def test_draws_have_the_recorded_bits(name: str, recorded: Any) -> None:
    recorded.same(name, CASES[name], ours)


@pytest.mark.torch
@pytest.mark.parametrize("name", CASES)
def test_draws_are_those_of_torch(name: str, torch: Any) -> None:
    for theirs, mine in zip(CASES[name](torch), CASES[name](ours), strict=True):
        assert str(mine.dtype) == str(theirs.dtype)
        assert mine.shape == theirs.shape
        assert mine.numpy().tobytes() == theirs.numpy().tobytes()


@pytest.mark.torch
@pytest.mark.parametrize("size", [10**6, 10**6 + 7])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_million_normals_are_those_of_torch(size: int, dtype: str, torch: Any) -> None:
    seed = size + len(dtype)
    torch.manual_seed(seed), ours.manual_seed(seed)
    theirs = torch.empty(size, dtype=getattr(torch, dtype)).normal_(0.3, 0.7)
    mine = ours.empty(size, dtype=getattr(ours, dtype)).normal_(0.3, 0.7)
    assert mine.numpy().tobytes() == theirs.numpy().tobytes()
    assert ours.rand(3).tolist() == torch.rand(3).tolist()
