"""`nnflip ops`: the table of pairs, and what the runtime covers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from .choices import did_you_mean

if TYPE_CHECKING:
    from ..ops import OneWay, Pair
    from ..report.coverage import Coverage

_HEADS = ("family", "module", "function", "also written", "converts")
_RUNTIME_HEADS = ("family", "name", "samples", "wrong calls", "gradients of gradients")

Filter = Annotated[
    str | None, typer.Argument(metavar="TEXT", help="Only rows with this text in a name, or of this family.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Runtime = Annotated[
    bool,
    typer.Option("--runtime", help="List what the numpy runtime covers: how many of torch's own samples it passes."),
]


def ops(text: Filter = None, as_json: Json = False, runtime: Runtime = False) -> None:
    """List the operations that are both a module and a function.

    `nnflip explain OP` tells more about one.
    """
    from ..ops import ONE_WAY, TABLE
    from .screen import put

    if runtime:
        _runtime(text, as_json)
        return
    pairs = [pair for pair in TABLE if text is None or _matches(pair, text.lower())]
    alone = [row for row in ONE_WAY if text is None or text == row.family or text.lower() in row.path.lower()]
    if not pairs and not alone:
        known = {name for pair in TABLE for name in (pair.family, pair.module, pair.function)}
        raise typer.BadParameter(f"no operation is called {text!r}{did_you_mean(str(text), known)}")
    if as_json:
        listed = {"ops": [_entry(pair) for pair in pairs], "one_way": [_lonely_entry(row) for row in alone]}
        put([json.dumps({"version": 1, **listed}, indent=2) + "\n"])
        return
    rows = [*map(_row, pairs), *map(_lonely, alone)]
    if sys.stdout.isatty():
        _print_table(_HEADS, rows)
    else:
        put(_plain(_HEADS, rows))


def _runtime(text: str | None, as_json: bool) -> None:
    from ..report.coverage import coverage
    from .screen import put

    known = coverage()
    found = [row for row in known if text is None or text == row.family or text.lower() in row.name.lower()]
    if not found:
        raise typer.BadParameter(f"the runtime has no {text!r}{did_you_mean(str(text), {row.name for row in known})}")
    rows = [(row.family, *row.cells) for row in found]
    if as_json:
        put([json.dumps({"version": 1, "runtime": [_numbers(row) for row in found]}, indent=2) + "\n"])
    elif sys.stdout.isatty():
        _print_table(_RUNTIME_HEADS, rows)
    else:
        put(_plain(_RUNTIME_HEADS, rows))


def _numbers(row: Coverage) -> dict[str, object]:
    passed = {"samples": row.samples, "errors": row.errors, "second": row.second}
    return {
        "family": row.family,
        "name": row.name,
        **{kind: {"passed": one, "total": total} for kind, (one, total) in passed.items()},
    }


def _matches(pair: Pair, text: str) -> bool:
    return text == pair.family or any(text in name.lower() for name in (pair.module_path, pair.function_path))


def _row(pair: Pair) -> tuple[str, str, str, str, str]:
    from ..report.pages import short

    names = [short(each.function or f"x.{each.method}") for each in pair.spellings]
    others = ", ".join([*names, *(f"{text.partition('(')[0]} (close)" for text in pair.respelled)])
    ways = {"both": "both ways, exact", "to_function": "to functional, exact", "to_module": "to module, exact"}
    flags = ["--respell"] if pair.respelled else [] if pair.swap is None else [pair.swap.flag]
    close = "".join(f", close with {flag}" for flag in flags)
    return pair.family, short(pair.module_path), short(pair.function_path), others, ways[pair.ways] + close


def _lonely(row: OneWay) -> tuple[str, str, str, str, str]:
    from ..report.pages import short

    module, function = (short(row.path), "") if row.side == "module" else ("", short(row.path))
    return row.family, module, function, "", f"close with {row.flag}, has no twin" if row.flag else "has no twin"


def _lonely_entry(row: OneWay) -> dict[str, object]:
    close = {"close_with": row.flag} if row.flag else {}
    return {"family": row.family, row.side: row.path, "reason": row.reason, "cure": row.cure, **close}


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


def _plain(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    rows = [heads, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    for row in rows:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    family = ""
    for first, *rest in rows:
        table.add_row(first if first != family else "", *rest)
        family = first
    Console().print(table)
