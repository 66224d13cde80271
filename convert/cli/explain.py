"""`nnflip explain`: one page about a code, or about a pair of function and module."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from .choices import did_you_mean

if TYPE_CHECKING:
    from ..ops import OneWay, Pair
    from ..report.paint import Paint

Topic = Annotated[str, typer.Argument(metavar="CODE|OP", help="NF203, shared-weight, conv2d, nn.Conv2d, torch.relu, …")]

_ALIASES = {"F.": "torch.nn.functional.", "nn.": "torch.nn."}


def explain(topic: Topic) -> None:
    """Print a page about a code, or about an operation."""
    from ..report.paint import paint_for
    from .screen import put

    pages = list(_pages(topic.strip(), paint_for(sys.stdout)))
    if not pages:
        raise typer.BadParameter(f"nothing is known about {topic!r}{did_you_mean(topic, _topics())}")
    put(f"{line}\n" for page in pages for line in page)


def _pages(topic: str, paint: Paint) -> Iterator[Iterator[str]]:
    from ..diagnostics import CODES
    from ..report.pages import code_page, one_way_page, pair_page

    for row in CODES.values():
        if topic.upper() == row.code or topic.lower() == row.slug:
            yield code_page(row, paint)
            return
    for pair in _pairs(topic):
        yield pair_page(pair, paint)
    for one in _one_way(topic):
        yield one_way_page(one, paint)


def _pairs(topic: str) -> list[Pair]:
    from ..ops import by_function, by_method, by_module

    path = _full_path(topic)
    found = [by_module[path]] if path in by_module else list(by_function.get(path, ()))
    if not found and "." not in topic:
        names = (f"torch.nn.{topic}", f"torch.nn.functional.{topic}", f"torch.{topic}")
        found = [pair for name in names for pair in (*by_function.get(name, ()), *_as_tuple(by_module.get(name)))]
        found = found or list(by_method.get(topic, ()))
    elif not found and path.startswith(("Tensor.", "torch.Tensor.")):
        found = list(by_method.get(path.rpartition(".")[2], ()))
    return list({pair.module_path: pair for pair in found}.values())


def _as_tuple(pair: Pair | None) -> tuple[Pair, ...]:
    return () if pair is None else (pair,)


def _one_way(topic: str) -> list[OneWay]:
    from ..ops import one_way

    paths = {_full_path(topic), f"torch.nn.{topic}", f"torch.nn.functional.{topic}"}
    return [row for path, row in one_way.items() if path in paths]


def _full_path(topic: str) -> str:
    for alias, full in _ALIASES.items():
        if topic.startswith(alias):
            return full + topic.removeprefix(alias)
    return topic


def _topics() -> set[str]:
    """Everything that can be asked for, in the shortest spelling."""
    from ..diagnostics import CODES
    from ..ops import by_function, by_method, by_module, one_way

    paths = [*by_module, *by_function, *one_way]
    slugs = [row.slug for row in CODES.values()]
    return {*CODES, *slugs, *by_method, *(path.rpartition(".")[2] for path in paths)}
