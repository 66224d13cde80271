"""The op table: every function of torch that is also a module, in one tuple of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import ModuleType

from . import (
    activation,
    attention,
    container,
    conv,
    distance,
    dropout,
    embedding,
    linear,
    loss,
    norm,
    pad,
    pool,
    recurrent,
    resample,
    shape,
)
from .pair import Pair as Pair
from .slot import Slot as Slot
from .spelling import Lookalike as Lookalike
from .spelling import OneWay as OneWay
from .spelling import Spelling as Spelling

_FAMILIES: tuple[ModuleType, ...] = (
    linear,
    embedding,
    conv,
    norm,
    pool,
    pad,
    activation,
    dropout,
    shape,
    resample,
    distance,
    attention,
    recurrent,
    container,
    loss,
)


def _family(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def _index(names: Iterable[tuple[str, Pair]]) -> dict[str, tuple[Pair, ...]]:
    found: dict[str, tuple[Pair, ...]] = {}
    for name, pair in names:
        found[name] = (*found.get(name, ()), pair)
    return found


TABLE: tuple[Pair, ...] = tuple(replace(pair, family=_family(module)) for module in _FAMILIES for pair in module.PAIRS)
ONE_WAY: tuple[OneWay, ...] = tuple(
    replace(row, family=_family(module)) for module in _FAMILIES for row in module.ONE_WAY
)

by_module: dict[str, Pair] = {pair.module_path: pair for pair in TABLE}
"""Dotted path of a module class → its row."""

by_function: dict[str, tuple[Pair, ...]] = _index(
    (path, pair)
    for pair in TABLE
    for path in filter(
        None, (pair.function_path, *(spelling.function for spelling in pair.spellings if spelling.function))
    )
)
"""Dotted path of a function, under any of its spellings → its rows: several where one function has several modules."""

by_method: dict[str, tuple[Pair, ...]] = _index(
    (spelling.method, pair) for pair in TABLE for spelling in pair.spellings if spelling.method
)
"""Name of a tensor method → its rows."""

LOOKALIKES: tuple[Lookalike, ...] = activation.LOOKALIKES
"""Calls that only look like a module."""

one_way: dict[str, OneWay] = {row.path: row for row in ONE_WAY}
"""Dotted path of what has no twin → why."""

if len(by_module) != len(TABLE) or len(one_way) != len(ONE_WAY):
    raise AssertionError("a module or a one-way name has two rows")
