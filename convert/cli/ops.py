"""`nnflip ops`: the table of pairs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from .choices import did_you_mean

if TYPE_CHECKING:
    from ..ops import Pair

_HEADS = ("family", "module", "function", "also written", "converts")

Filter = Annotated[
    str | None, typer.Argument(metavar="TEXT", help="Only rows with this text in a name, or of this family.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def ops(text: Filter = None, as_json: Json = False) -> None:
    """List the operations that are both a module and a function.

    `nnflip explain OP` tells more about one.
    """
    from ..ops import TABLE
    from .screen import put

    pairs = [pair for pair in TABLE if text is None or _matches(pair, text.lower())]
    if not pairs:
        known = {name for pair in TABLE for name in (pair.family, pair.module, pair.function)}
        raise typer.BadParameter(f"no operation is called {text!r}{did_you_mean(str(text), known)}")
    if as_json:
        put([json.dumps({"version": 1, "ops": [_entry(pair) for pair in pairs]}, indent=2) + "\n"])
    elif sys.stdout.isatty():
        _print_table(pairs)
    else:
        put(_plain(pairs))


def _matches(pair: Pair, text: str) -> bool:
    return text == pair.family or any(text in name.lower() for name in (pair.module_path, pair.function_path))


def _row(pair: Pair) -> tuple[str, str, str, str, str]:
    from ..report.pages import short

    others = ", ".join(short(each.function or f"x.{each.method}") for each in pair.spellings)
    ways = {"both": "both ways", "to_function": "to functional", "to_module": "to module"}[pair.ways]
    return pair.family, short(pair.module_path), short(pair.function_path), others, ways


def _entry(pair: Pair) -> dict[str, object]:
    return {
        "family": pair.family,
        "module": pair.module_path,
        "constructor": str(pair.module_signature),
        "function": pair.function_path,
        "signature": str(pair.function_signature),
        "spellings": [each.function or f"Tensor.{each.method}" for each in pair.spellings],
        "parameters": {slot.name: slot.shape for slot in pair.slots},
        "ways": pair.ways,
    }


def _plain(pairs: list[Pair]) -> Iterator[str]:
    rows = [_HEADS, *map(_row, pairs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    for row in rows:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"


def _print_table(pairs: list[Pair]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for head in _HEADS:
        table.add_column(head, overflow="fold")
    family = ""
    for pair in pairs:
        first, *rest = _row(pair)
        table.add_row(first if first != family else "", *rest)
        family = first
    Console().print(table)
