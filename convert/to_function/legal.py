"""What a constructor is given, held against its row: an argument without a counterpart keeps the layer."""

from __future__ import annotations

import ast

from ..calls import same_value
from ..ops.packing import Packing
from ..ops.swap import Swap
from ..plan.plan import Kept
from ..recognise.calls import Construction
from ..recognise.literal import is_repeatable
from ..source import Source
from ..source.literal import is_literal
from .padding import explicit_padding


def check_arguments(source: Source, built: Construction, *, respell: bool) -> None:
    """Raises Kept where the functional form could not say the same, or would evaluate an effect twice.

    `respell`: the same up to rounding will do.
    """
    pair = built.pair
    if pair.module_signature.open_ended:  # nn.Identity ignores what it is given, effects apart
        for node in (*built.node.args, *(keyword.value for keyword in built.node.keywords)):
            if not is_repeatable(source, node):
                raise Kept("NF224", node, text=source.says(node))
    for name, node in built.args.items():
        _check_value(source, built, name, node)
        if not is_repeatable(source, node) and not _is_given(built, name):
            raise Kept("NF224", text=source.says(node))
    given = [built.args[slot.name] for slot in pair.slots if slot.given and slot.name in built.args]
    if given != sorted(given, key=lambda node: (node.lineno, node.col_offset)):
        for node in given:  # they are written in the row's order, which may draw otherwise
            if not is_repeatable(source, node):
                raise Kept("NF224", text=source.says(node))
    if pair.packing is not None:
        _check_packing(source, built, pair.packing)
    if pair.swap is not None and pair.swap.flag in built.args:
        _check_swap(source, built, pair.swap, respell=respell)
    for names, reason in pair.together.items():
        if all(name in built.args and not _is_default(source, built, name) for name in names):
            raise Kept("NF216", argument=names[0], name=built.written, reason=reason)


def _check_packing(source: Source, built: Construction, packing: Packing) -> None:
    """Which tensors there are must be certain."""
    if packing.is_apart({name: source.says(node) for name, node in built.args.items()}) is None:
        name = next(name for name in packing.sizes if name in built.args)
        reason = f"whether it is {packing.sizes[name]} decides which weights there are, and cannot be told here"
        raise Kept("NF216", argument=name, name=built.written, reason=reason)


def _check_swap(source: Source, built: Construction, swap: Swap, *, respell: bool) -> None:
    """Whether axes are swapped must be certain, and that the module does nothing else besides."""
    values = {name: source.says(node) for name, node in built.args.items()}
    if values[swap.flag] == "False":
        return
    if values[swap.flag] != "True":
        reason = "whether it is True cannot be told here, and the function always wants the length first"
        raise Kept("NF216", argument=swap.flag, name=built.written, reason=reason)
    if not respell and not swap.is_exact(values, built.pair.packing):
        raise Kept("NF216", argument=swap.flag, name=built.written, reason=swap.faster)


def _check_value(source: Source, built: Construction, name: str, node: ast.expr) -> None:
    pair, text = built.pair, source.says(node)
    if name == "padding_mode" and explicit_padding(source, built) is not None:
        return
    if name in pair.module_only and not _is_default(source, built, name):
        raise Kept("NF216", argument=name, name=built.written, reason=pair.module_only[name])
    if name in pair.not_values:
        for value, reason in pair.not_values[name].items():
            if same_value(text, value):
                raise Kept("NF216", argument=name, name=built.written, reason=reason)
        if not is_literal(node):
            raise Kept("NF235", text=text)


def _is_default(source: Source, built: Construction, name: str) -> bool:
    default = built.pair.module_signature.default(name)
    return default is not None and same_value(source.says(built.args[name]), default)


def _is_given(built: Construction, name: str) -> bool:
    """Whether the argument is a tensor that the layer only keeps: it is evaluated once in either style."""
    return any(slot.given and slot.name == name for slot in built.pair.slots)
