"""A call whose input is padded on the spot: `F.conv2d(F.pad(x, (1, 1), mode='circular'), …)` is one padding layer."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from ..calls import same_value
from ..source import Source
from .calls import FunctionCall, read_call

_PAD = "torch.nn.functional.pad"


def with_padding(source: Source, calls: Sequence[FunctionCall]) -> list[FunctionCall]:
    """The calls with the padding of their inputs taken in, if all of them pad alike; else as they are."""
    found = [_padded(source, call) for call in calls]
    first = found[0]
    if first is None or any(one is None or one.implied != first.implied for one in found):
        return list(calls)
    return [one for one in found if one is not None]


def _padded(source: Source, call: FunctionCall) -> FunctionCall | None:
    pair, given = call.pairs[0], call.args.get("input")
    pad = read_call(source, given, call.method) if pair.padding_modes and isinstance(given, ast.Call) else None
    if pad is None or pad.fault or pad.pairs[0].function_path != _PAD or not _is_plain(source, call, pad):
        return None
    mode = ast.literal_eval(source.says(pad.args["mode"])) if _is_text(pad.args.get("mode")) else None
    sizes = _sizes(pad.args["pad"], pair.spatial)
    if mode not in pair.padding_modes or sizes is None:
        return None
    padding = str(sizes[0]) if len(set(sizes)) == 1 else str(sizes)
    implied = {"padding": padding, "padding_mode": repr(mode)}
    args = {**call.args, "input": pad.args["input"]}
    return replace(call, args=args, implied=implied, swallows=pad.call)


def _is_plain(source: Source, call: FunctionCall, pad: FunctionCall) -> bool:
    """The function pads nothing itself, and the padding has no value to fill with."""
    own, value = call.args.get("padding"), pad.args.get("value")
    return (own is None or same_value(source.says(own), "0")) and (
        value is None or same_value(source.says(value), "None")
    )


def _is_text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _sizes(node: ast.expr, rank: int) -> tuple[int, ...] | None:
    """One size for each axis, from the last backwards in the call, if both sides of every axis get the same."""
    try:
        sizes = ast.literal_eval(node)
    except ValueError:
        return None
    if not isinstance(sizes, (tuple, list)) or len(sizes) != 2 * rank or any(type(size) is not int for size in sizes):
        return None
    left, right = tuple(sizes[0::2]), tuple(sizes[1::2])
    return left[::-1] if left == right and min(left) >= 0 else None
