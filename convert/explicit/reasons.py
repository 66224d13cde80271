"""What to say of calls outside classes that take weights out of something, where nothing else is known of them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from ..diagnostics import Diagnostic, diagnose
from ..outcome import Conversion
from ..recognise.calls import FunctionCall
from ..source import Source
from .weights import constant_key


def with_reasons(source: Source, found: Conversion, calls: Sequence[FunctionCall]) -> Conversion:
    """The conversion, in which calls by a key are told as such and not only as outside of a class."""
    places = {(call.node.lineno, call.node.col_offset): call for call in calls}
    kept = tuple(_told(source, one, places.get((one.line, one.column))) for one in found.kept)
    return replace(found, kept=kept)


def takes_items(calls: Sequence[FunctionCall]) -> bool:
    """Whether any call takes a weight out of something."""
    return any(_item(call) is not None for call in calls)


def _item(call: FunctionCall) -> ast.Subscript | None:
    slots = (call.args.get(slot.name) for slot in call.pairs[0].handed)
    return next((node for node in slots if isinstance(node, ast.Subscript)), None)


def _told(source: Source, site: Diagnostic, call: FunctionCall | None) -> Diagnostic:
    item = None if call is None or site.code != "NF230" else _item(call)
    if item is None:
        return site
    around = next((one for one in source.ancestors(item) if isinstance(one, ast.FunctionDef)), None)
    name = around.name if around is not None else "this code"
    if constant_key(item.slice) is None:
        text = " ".join(source.says(item).split())
        return diagnose("NF292", site.line, site.column, what=site.what, function=name, text=text)
    line = around.lineno if around is not None else item.lineno
    owner = " ".join(source.says(item.value).split())
    said = source.says(item) if around is None else f"def {around.name}({ast.unparse(around.args)})"
    facts = {"function": name, "name": owner, "other": line, "text": " ".join(said.split())[:60]}
    return diagnose("NF286", site.line, site.column, what=site.what, model=None, **facts)
