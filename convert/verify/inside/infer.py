"""Finds inputs a model accepts: from what its state says, then by trying, reading the error, and trying better.

The 28×28 of a CNN that ends in `Linear(4 * 4 * 32, 10)` is found by solving: a 32×32 image gives 800 features where
512 are wanted, so the image must be smaller.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .backend import is_float
from .clues import Clue, clues
from .sizes import Sizes

BATCH = 2
SIDE = 4
_MOST_TRIALS = 160


@dataclass(frozen=True)
class Spec:
    """One input: its dtype, shape, and the range its numbers are drawn from; `many` such in a list, if not 0.

    `fixed` is no tensor but that number.
    """

    dtype: str = "float32"
    shape: tuple[int, ...] = (BATCH, 16)
    low: float = -1.7
    high: float = 1.7
    many: int = 0
    fixed: bool | float | None = None

    def as_json(self) -> dict[str, Any]:
        """For the parent, which hands it to both sides."""
        if self.fixed is not None:
            return {"literal": self.fixed}
        one = {"dtype": self.dtype, "shape": list(self.shape), "low": self.low, "high": self.high}
        return {"items": [one] * self.many, "as": "list"} if self.many else one


Trial = tuple[Spec, ...]
Shapes = Sequence[tuple[str, tuple[int, ...]]]


@dataclass(frozen=True)
class Outcome:
    """What came of one trial: the leading sizes of the outputs, or the message, and how far it ran."""

    message: str | None
    progress: int = 0
    batches: tuple[int, ...] = ()
    failure: dict[str, Any] | None = None


@dataclass(frozen=True)
class Inferred:
    """Inputs that run, or the failure of the trial that came furthest."""

    trial: Trial | None
    best: Trial
    failure: dict[str, Any] | None
    trials: int


def infer(
    names: Sequence[str],
    shapes: Shapes,
    attempt: Callable[[Trial], Outcome],
    until: float,
    sizes_in_file: Sequence[tuple[int, ...]] = (),
    numbers: Mapping[str, bool | float] | None = None,
) -> Inferred:
    """Searches depth first, each failure proposing the next trials; `shapes` are the model's parameters in order.

    `sizes_in_file` are those of tensors that the file itself makes, to be tried when all else was. `numbers` are inputs
    that are no tensors.
    """
    shown = [(Spec(shape=(BATCH, *size[1:])),) * len(names) for size in sizes_in_file]
    fixed = {names.index(name): Spec(fixed=value) for name, value in (numbers or {}).items()}
    queue = [_with_numbers(trial, fixed) for trial in (*_openings(names, shapes, len(fixed)), *shown)]
    best, failure, furthest = queue[0], None, -1
    fallback: Trial | None = None
    seen: set[Trial] = set()
    sizes = Sizes()
    while queue and len(seen) < _MOST_TRIALS and time.monotonic() < until:
        trial = queue.pop(0)
        if trial in seen:
            continue
        seen.add(trial)
        outcome = attempt(trial)
        if outcome.message is None and _keeps_batch(outcome):
            return Inferred(trial, trial, None, len(seen))
        if outcome.message is None:
            fallback = fallback or trial
            readings = [Clue(way="shrink" if max(outcome.batches) > BATCH else "grow")]
        else:
            readings = clues(outcome.message, BATCH)
            if outcome.progress > furthest:
                best, failure, furthest = trial, outcome.failure, outcome.progress
        mended = [new for clue in readings for new in _mended(trial, clue, shapes, sizes)]
        queue = [new for new in mended if new not in seen] + queue
    return Inferred(fallback, fallback or best, None if fallback else failure, len(seen))


def _keeps_batch(outcome: Outcome) -> bool:
    """A view that silently changed the batch means a wrong size; outputs without any axis say nothing."""
    return not outcome.batches or BATCH in outcome.batches


def _with_numbers(trial: Trial, fixed: Mapping[int, Spec]) -> Trial:
    return tuple(fixed.get(index, spec) for index, spec in enumerate(trial))


def _openings(names: Sequence[str], shapes: Shapes, numbers: int) -> Iterator[Trial]:
    """First trials, from the first weights; all inputs alike, then by what their names suggest."""
    for spec in (*_rows_of_a_picture(shapes, numbers), *_first_specs(shapes)):
        specs = tuple(_by_name(name, index, spec) for index, name in enumerate(names))
        yield specs
        yield (spec,) * len(names)


def _rows_of_a_picture(shapes: Shapes, numbers: int) -> Iterator[Spec]:
    """`forward(x, H, W)` takes a picture whose points lie in a row: as many as height times width."""
    widths = dict.fromkeys(shape[-1] for _, shape in shapes if len(shape) in (1, 2))
    if numbers > 1:
        yield from (Spec(shape=(BATCH, SIDE * SIDE, width)) for width in list(widths)[:3])


def _first_specs(shapes: Shapes) -> Iterator[Spec]:
    weights = [(name, shape) for name, shape in shapes if len(shape) >= 2]
    if weights:
        name, shape = weights[0]
        if len(shape) > 2:
            yield Spec(shape=(BATCH, shape[1], *Sizes.first(len(shape) - 2)))
        elif "emb" in name.lower() or "tok" in name.lower() or "wte" in name.lower():
            yield _tokens(shapes)
            yield Spec(shape=(BATCH, shape[1]))
        else:
            yield Spec(shape=(BATCH, shape[1]))
            yield Spec(shape=(BATCH, 5, shape[1]))
            yield Spec(shape=(BATCH, shape[0]))
    elif shapes:
        width = shapes[0][1][0] if shapes[0][1] else 16
        yield Spec(shape=(BATCH, width))
        yield Spec(shape=(BATCH, width, *Sizes.first(2)))
        yield Spec(shape=(BATCH, 5, width))
    yield Spec(shape=(BATCH, 3, *Sizes.first(2)))
    yield Spec(shape=(BATCH, 16))
    yield Spec(shape=(BATCH, 16, 16))
    if weights:
        yield _tokens(shapes)


def _tokens(shapes: Shapes) -> Spec:
    """Integer indices into the tallest table of the model; too high for another one, they are lowered step by step."""
    return Spec("int64", (BATCH, 6), 0, max(_rows(shapes), default=4))


def _rows(shapes: Shapes) -> list[int]:
    """How many rows the two-dimensional tables have."""
    return [shape[0] for _, shape in shapes if len(shape) == 2]


def _by_name(name: str, index: int, spec: Spec) -> Spec:
    if index and name.lower() in ("t", "time", "timestep", "timesteps", "lengths"):
        return Spec("int64", spec.shape[:1], 1, 4)
    if index and "mask" in name.lower():
        return Spec("bool", spec.shape[:2])
    return spec


def _mended(trial: Trial, clue: Clue, shapes: Shapes, sizes: Sizes) -> list[Trial]:
    """The trials a clue proposes: for all inputs together, then for each alone."""
    new = [
        _mend(spec, clue, index, shapes, sizes) if clue.only in (None, index) else None
        for index, spec in enumerate(trial)
    ]
    proposed = []
    if all(spec is not None for spec in new):
        proposed.append(tuple(spec for spec in new if spec is not None))
    if len(trial) > 1:
        for index in reversed(range(len(trial))):
            spec = new[index]
            if spec is not None:
                proposed.append((*trial[:index], spec, *trial[index + 1 :]))
    return proposed


def _mend(spec: Spec, clue: Clue, index: int, shapes: Shapes, sizes: Sizes) -> Spec | None:
    """One input changed as the clue wishes, or None where it does not apply."""
    shape = spec.shape
    if spec.fixed is not None:
        return spec
    if clue.many is not None:
        return replace(spec, many=clue.many) if spec.many != clue.many else None
    if clue.dtype == "int64" and is_float(spec.dtype):
        return _tokens(shapes)
    if clue.class_indices:
        return Spec("int64", shape[:1], 0, shape[1] if len(shape) > 1 else 2) if index else None
    if clue.unit_range:
        return replace(spec, low=0.05, high=0.95)
    if clue.lower_high and not is_float(spec.dtype):
        return _lowered(spec, shapes)
    if clue.rank is not None and clue.rank != len(shape) and clue.rank >= 2:
        return replace(spec, shape=(BATCH, shape[1] if len(shape) > 1 else 3, *Sizes.first(clue.rank - 2)))
    if clue.more_rank and len(shape) < 5:
        return replace(spec, shape=(BATCH, 3, *Sizes.first(len(shape) - 1)))
    if clue.channels is not None and len(shape) > 1:
        each = (
            clue.channels // spec.many if spec.many and shape[1] == clue.channels else clue.channels
        )  # they are joined
        return replace(spec, shape=(BATCH, each or 1, *shape[2:]))
    if clue.last and len(shape) > len(clue.last) and clue.replace is None:
        return replace(spec, shape=(*shape[: -len(clue.last)], *clue.last))
    if clue.replace is not None and clue.replace[0] in shape[1:]:
        return replace(spec, shape=(BATCH, *_replaced(shape[1:], *clue.replace)))
    if clue.way is not None and len(shape) > 2:
        size = sizes.next(index, shape, clue.way)
        return replace(spec, shape=(*shape[:2], *(size,) * (len(shape) - 2))) if size else None
    return None


def _replaced(shape: tuple[int, ...], old: int, new: int) -> tuple[int, ...]:
    """The last axis of size `old` becomes `new`: features come last, or are the only axis of that size."""
    at = len(shape) - 1 - shape[::-1].index(old)
    return (*shape[:at], new, *shape[at + 1 :])


def _lowered(spec: Spec, shapes: Shapes) -> Spec:
    """Indices for the next smaller table; below the smallest the sequence is what is too long."""
    lower = [rows for rows in _rows(shapes) if rows < spec.high]
    if lower:
        return replace(spec, high=max(lower))
    if spec.high > 2:
        return replace(spec, high=2)
    return replace(spec, shape=(BATCH, 2)) if spec.shape != (BATCH, 2) else replace(spec, shape=(BATCH,))


def variations(trial: Trial, attempt: Callable[[Trial], Outcome]) -> Iterator[Trial]:
    """The same inputs in another size, odd and not square, and another batch, where the model takes them.

    Some mistakes show in no other way: `ceil_mode` matters only where a window does not fit.
    """
    for steps in ((1, 3), (1, 1), (2, 2), (0, 0)):
        other = tuple(_resized(spec, steps) for spec in trial)
        outcome = attempt(other)
        if outcome.message is None and (not outcome.batches or BATCH + 1 in outcome.batches):
            yield other
            return


def _resized(spec: Spec, steps: tuple[int, int]) -> Spec:
    """One more in the batch; of two or more further axes the last ones grow, never the second: those are channels."""
    shape = (BATCH + 1, *spec.shape[1:]) if spec.shape and spec.shape[0] == BATCH else spec.shape
    if len(shape) == 3:
        return replace(spec, shape=(*shape[:2], shape[2] + steps[0]))
    if len(shape) > 3:
        return replace(spec, shape=(*shape[:2], shape[2] + steps[0], *(size + steps[1] for size in shape[3:])))
    return replace(spec, shape=shape)
