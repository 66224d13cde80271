"""Dropout draws torch's masks bit for bit, scales as torch does, and hands the masked gradient back."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import nnflip.runtime as ours
from nnflip.runtime import record
from nnflip.runtime.gradcheck import gradcheck

SHAPES = {
    "dropout": [(0,), (), (7,), (3, 40), (2, 3, 4, 5)],
    "alpha_dropout": [(7,), (3, 40), (2, 3, 4, 5)],
    "feature_alpha_dropout": [(4, 6), (2, 3, 4), (2, 3, 4, 5)],
    "dropout1d": [(6, 5), (2, 6, 5)],
    "dropout2d": [(2, 6), (2, 6, 5), (2, 6, 5, 3), (2, 3, 2, 2, 2)],
    "dropout3d": [(2, 6), (2, 6, 5), (2, 6, 5, 3), (2, 6, 2, 3, 2), (2, 3, 2, 2, 2, 2)],
}
TORCH_LEVEL = ("dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout")


def filled(t: Any, shape: tuple[int, ...], dtype: str = "float32") -> Any:
    return t.tensor((np.arange(np.prod(shape)).reshape(shape) / 8 - 2).tolist(), dtype=getattr(t, dtype)).reshape(shape)


def functional(name: str) -> Callable[[Any], Iterator[Any]]:
    def case(t: Any) -> Iterator[Any]:
        t.manual_seed(30)
        function = getattr(t.nn.functional, name)
        for shape in SHAPES[name]:
            for dtype in ("float32", "float64", "float16"):
                for p in (0.0, 0.2, 0.5, 1.0):
                    yield function(filled(t, shape, dtype), p, True)
                    yield function(filled(t, shape, dtype), p, True, True)
            yield function(filled(t, shape), 0.5, False)
            yield function(filled(t, shape))
            if len(shape) > 2:
                yield function(filled(t, shape).transpose(1, 2), 0.5, True)
        yield t.get_rng_state()

    return case


def at_torch_level(t: Any) -> Iterator[Any]:
    t.manual_seed(31)
    for name in TORCH_LEVEL:
        for suffix in ("", "_"):
            yield getattr(t, name + suffix)(filled(t, (3, 4, 5)), 0.3, True)
            yield getattr(t, name + suffix)(filled(t, (3, 4, 5)).permute(2, 0, 1), 0.3, True)
    yield t.dropout(filled(t, (4, 8))[:, ::2], 0.3, True)
    yield t.dropout(filled(t, (4, 1)).expand(4, 6), 0.3, True)
    yield t.get_rng_state()


CASES = {name: functional(name) for name in SHAPES} | {"torch level": at_torch_level}

pytestmark = pytest.mark.filterwarnings("ignore:dropout.d. Received:UserWarning")


@pytest.mark.parametrize("name", CASES)
def test_masks_have_the_recorded_bits(name: str, recorded: Any) -> None:
    recorded.same(f"dropout: {name}", CASES[name], ours)


@pytest.mark.torch
@pytest.mark.parametrize("name", CASES)
def test_masks_are_those_of_torch(name: str, torch: Any) -> None:
    for theirs, mine in zip(CASES[name](torch), CASES[name](ours), strict=True):
        assert mine.shape == theirs.shape
        assert mine.numpy().tobytes() == theirs.numpy().tobytes()


@pytest.mark.torch
@pytest.mark.parametrize("name", SHAPES)
def test_gradients_are_those_of_torch(name: str, torch: Any) -> None:
    def gradient(t: Any) -> Any:
        t.manual_seed(32)
        leaf = filled(t, SHAPES[name][-1]).requires_grad_()
        (getattr(t.nn.functional, name)(leaf, 0.4, True) * leaf).sum().backward()
        return leaf.grad

    assert np.array_equal(gradient(ours).numpy(), gradient(torch).numpy())


@pytest.mark.parametrize("name", SHAPES)
def test_gradients_agree_with_differences(name: str) -> None:
    def again(x: Any) -> Any:
        ours.manual_seed(33)
        return getattr(ours.nn.functional, name)(x, 0.4, True)

    gradcheck(again, filled(ours, SHAPES[name][-1], "float64").numpy())


@pytest.mark.parametrize("name", SHAPES)
def test_nothing_dropped_gives_the_input_itself_and_draws_nothing(name: str) -> None:
    ours.manual_seed(1)
    before = ours.get_rng_state().tolist()
    function, x = getattr(ours.nn.functional, name), filled(ours, SHAPES[name][-1])
    assert function(x, 0.5, False) is x
    assert function(x, 0.0, True) is x
    function(x, 1.0, True)
    assert ours.get_rng_state().tolist() == before


def test_in_place_changes_the_input() -> None:
    x = filled(ours, (4, 5))
    assert ours.nn.functional.dropout(x, 1.0, True, True) is x
    assert x.tolist() == [[0.0] * 5] * 4
    leaf = ours.ones(3, requires_grad=True)
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad is being used in an in-place operation"):
        ours.nn.functional.dropout(leaf, 0.5, True, True)


def test_dropping_all_keeps_what_is_not_finite() -> None:
    x = ours.tensor([float("inf"), float("nan"), 1.0])
    with np.errstate(invalid="ignore"):
        assert str(ours.nn.functional.dropout(x, 1.0).tolist()) == "[nan, nan, 0.0]"


REFUSED: dict[str, Callable[[Any], Any]] = {
    "p above 1": lambda t: t.nn.functional.dropout(t.ones(3), 1.5),
    "p below 0": lambda t: t.nn.functional.alpha_dropout(t.ones(3), -0.5),
    "p above 1 at torch level": lambda t: t.dropout(t.ones(3), 1.5, True),
    "no tensor": lambda t: t.nn.functional.dropout([1.0]),
    "integers": lambda t: t.dropout(t.ones(3, dtype=t.int64), 0.5, True),
    "no channels": lambda t: t.feature_dropout(t.ones(3), 0.5, True),
    "dropout1d of one dim": lambda t: t.nn.functional.dropout1d(t.ones(3)),
    "dropout1d of four dims": lambda t: t.nn.functional.dropout1d(t.ones(3, 3, 3, 3)),
    "dropout2d of one dim": lambda t: t.nn.functional.dropout2d(t.ones(3)),
}


@pytest.mark.torch
@pytest.mark.parametrize("name", REFUSED)
def test_refusals_are_those_of_torch(name: str, torch: Any) -> None:
    with pytest.raises(Exception) as theirs:  # noqa: PT011 - whatever torch raises
        REFUSED[name](torch)
    with pytest.raises(theirs.type, match=re.escape(str(theirs.value).split("\n")[0])):
        REFUSED[name](ours)


@pytest.mark.torch
@pytest.mark.parametrize(("name", "shape"), [("dropout2d", (2, 3)), ("dropout2d", (2, 3, 4)), ("dropout3d", (2, 3, 4))])
def test_warnings_are_those_of_torch(name: str, shape: tuple[int, ...], torch: Any) -> None:
    def said(t: Any) -> list[str]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            getattr(t.nn.functional, name)(t.ones(*shape))
        return [str(one.message) for one in caught]

    assert said(ours) == said(torch)


def test_a_call_is_told_with_its_probability() -> None:
    seen: list[tuple[str, dict[str, Any]]] = []
    with record.recording(lambda name, inputs, static, outputs: seen.append((name, static))):
        ours.nn.functional.dropout(ours.ones(3), 0.25)
        ours.nn.functional.dropout2d(ours.ones(2, 3, 2, 2), 0.25, inplace=True)
        ours.nn.functional.dropout(ours.ones(3), training=False)
    assert seen == [("dropout", {"p": 0.25}), ("feature_dropout_", {"p": 0.25})]
