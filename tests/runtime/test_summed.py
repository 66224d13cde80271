"""Sums lose no more digits than torch's, along any axes of any layout."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nnflip import runtime as torch
from nnflip.runtime.summed import inner_products, summed

SHAPES = [((2000, 5), 0), ((3, 1000, 7), 1), ((40, 8, 9), (0, 2)), ((6, 70, 5, 80), (1, 3)), ((300, 400), None)]
LAYOUTS = {
    "rows": lambda x: x,
    "columns": lambda x: np.ascontiguousarray(x.T).T,
    "steps": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
    "repeated": lambda x: np.broadcast_to(x[:1], x.shape),
    "backwards": lambda x: x[::-1],
}


def ones_and_more(shape: tuple[int, ...]) -> np.ndarray:
    """Positive numbers, so that a sum is as large as its terms together."""
    return (np.random.default_rng(0).random(shape) + 0.5).astype(np.float32)


@pytest.mark.parametrize(("shape", "axes"), SHAPES)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("keepdims", [False, True])
def test_a_sum_is_within_a_few_roundings_of_the_exact_one(shape, axes, layout, keepdims) -> None:
    x = LAYOUTS[layout](ones_and_more(shape))
    exact = x.astype(np.float64).sum(axes, keepdims=keepdims)
    value = summed(x, axes, keepdims)
    assert value.shape == exact.shape
    assert value.dtype == np.float32
    assert np.abs(value / exact - 1).max() < 4e-7


@pytest.mark.parametrize("shape", list(itertools.product((0, 1, 3), repeat=2)))
@pytest.mark.parametrize("axes", [0, 1, -1, (0, 1), (), None])
def test_small_and_empty_arrays_are_summed_as_by_numpy(shape, axes) -> None:
    x = ones_and_more(shape)
    assert summed(x, axes).tobytes() == np.asarray(x.sum(axes)).tobytes()


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
def test_what_is_not_finite_stays_in_its_column(bad) -> None:
    x = ones_and_more((1000, 3))
    x[500, 1] = bad
    value = summed(x, 0)
    assert np.array_equal(value[1], np.float32(bad), equal_nan=True)
    assert np.isfinite(value[[0, 2]]).all()


def test_integers_keep_their_dtype_and_complex_numbers_are_summed() -> None:
    assert summed(np.ones((100, 2), np.int32), 0).dtype == np.int32
    value = summed(np.full((1000, 2), 1 + 2j, np.complex64), 0)
    assert np.array_equal(value, np.full(2, 1000 + 2000j, np.complex64))


@pytest.mark.parametrize("size", [5, 1024, 1025, 5000])
def test_inner_products_of_long_rows(size) -> None:
    x, y = ones_and_more((3, size)), ones_and_more((3, size))[::-1]
    exact = (x.astype(np.float64) * y).sum(-1)
    assert np.abs(inner_products(x, y) / exact - 1).max() < 4e-7


@pytest.mark.parametrize(
    ("shape", "spread_out"),
    [
        ((4,), lambda x: x + torch.zeros(20000, 4)),
        ((4,), lambda x: torch.nn.functional.linear(torch.ones(20000, 1), torch.ones(4, 1), x)),
        ((4,), lambda x: x.expand(20000, 4)),
        ((1, 4), lambda x: x.repeat(20000, 1)),
        ((1, 4), lambda x: x[torch.zeros(20000, dtype=torch.int64)]),
        ((1, 4), lambda x: x.repeat_interleave(20000, 0)),
    ],
    ids=["broadcasting", "bias", "expand", "repeat", "index", "repeat_interleave"],
)
def test_gradients_that_are_long_sums_keep_their_digits(shape, spread_out) -> None:
    x = torch.ones(*shape, requires_grad=True)
    each = ones_and_more((20000, 4))
    spread_out(x).backward(torch.tensor(each))
    assert np.abs(x.grad.numpy().reshape(4) / each.astype(np.float64).sum(0) - 1).max() < 4e-7


def test_batch_norm_takes_its_mean_from_a_sum_in_double() -> None:
    x = ones_and_more((50, 3, 20, 20))
    mean = torch.zeros(3)
    torch.nn.functional.batch_norm(torch.tensor(x), mean, torch.ones(3), training=True, momentum=1.0)
    exact = x.astype(np.float64).mean((0, 2, 3)).astype(np.float32)
    assert np.array_equal(mean.numpy(), exact)
