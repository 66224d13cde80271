"""What layers and functions of the table give, and what they tell of the value that they are given.

A convolution over two axes gives a tensor of three or four, and has been given one of as many.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Sequence

from ...calls import BindError, bind
from ...ops import Pair, by_module
from ...source import Source
from ..value import TENSOR, Array, Row, Value, joined, tensor

_DUCKS = frozenset({"softmax", "log_softmax", "softmin", "softsign", "tanhshrink", "multi_head_attention_forward"})
"""Functions that call a method of what they are given, whatever it is."""

_TENSORS = frozenset(f"torch.nn.{name}" for name in ("TransformerEncoderLayer", "TransformerDecoderLayer", "GRUCell"))
_SEQUENCES = frozenset({"torch.nn.RNN", "torch.nn.GRU", "torch.nn.LSTM"})


def given_by(pair: Pair, given: Value | None, said: Container[str]) -> Value | None:
    """What a layer or function of a row gives for its first argument; `said` are the arguments that were named."""
    if "return_indices" in said:
        return None
    if not pair.function_path:
        return given
    if pair.family == "attention":
        return Row((TENSOR, None))
    if pair.family in {"loss", "distance"}:
        return TENSOR
    before = taken_by(pair, given)
    if pair.family == "embedding":
        return before.shifted(1) if pair.module == "Embedding" else tensor(2, 2)
    if pair.family == "shape":
        return _shaped(pair, before)
    return Array(True, before.least, before.most)


def taken_by(pair: Pair, given: Value | None) -> Array:
    """What is certain of a value that a layer or function of a row has been run on."""
    held = given if isinstance(given, Array) else Array()
    if not pair.function_path or pair.function in _DUCKS or pair.family in {"loss", "distance"}:
        return held
    found = Array(True, held.least, held.most)
    if pair.ranks:
        return found.within(min((*pair.ranks, *pair.other_ranks)), max((*pair.ranks, *pair.other_ranks)))
    axes = pair.function[-2:]
    if pair.family in {"conv", "pool"} and axes in {"1d", "2d", "3d"}:
        return found.within(int(axes[0]) + 1, int(axes[0]) + 2)
    if pair.family in {"linear", "conv", "pool"}:
        return found.within(1)
    return found


def _shaped(pair: Pair, before: Array) -> Array:
    if pair.module in {"PixelShuffle", "PixelUnshuffle", "ChannelShuffle"}:
        return before.within(3)
    if pair.module == "Unfold":
        return tensor(2, 3)
    return tensor(3, 4) if pair.module == "Fold" else TENSOR


def run(source: Source, built: Sequence[ast.expr], given: Value | None) -> Value | None:
    """What a layer gives that one of these constructors made."""
    return joined([_run(source, node, given) for node in built])


def _run(source: Source, node: ast.expr, given: Value | None) -> Value | None:
    if not isinstance(node, ast.Call):
        return None
    path = source.path_of(node.func) or ""
    if path == "torch.nn.Sequential":
        return _run_all(source, node, given)
    if path in _TENSORS:
        return TENSOR
    if path in _SEQUENCES:
        return Row((TENSOR if isinstance(given, Array) and given.tensor else None, None))
    pair = by_module.get(path)
    if pair is None:
        return None
    if pair.module == "Flatten" and not node.args and not node.keywords:
        return tensor(2, 2)
    try:
        return given_by(pair, given, bind(pair.module_signature, node).args)
    except BindError:
        return None


def _run_all(source: Source, node: ast.Call, given: Value | None) -> Value | None:
    """A Sequential gives what its last layer gives, whatever those before it are."""
    for argument in entries(node):
        given = None if isinstance(argument, ast.Starred) else _run(source, argument, given)
    return given


def entries(node: ast.Call) -> list[ast.expr]:
    """The layers of a Sequential in order, those of a dictionary too."""
    match node.args:
        case [ast.Call(args=[ast.List(elts=pairs) | ast.Tuple(elts=pairs)], keywords=[])]:
            return [pair.elts[1] if isinstance(pair, ast.Tuple) and len(pair.elts) == 2 else pair for pair in pairs]
        case _:
            return node.args


def taken(source: Source, built: Sequence[ast.expr], given: Value | None) -> Array | None:
    """What is certain of a value that such a layer has been run on; None where nothing more is."""
    held = given if isinstance(given, Array) else Array()
    found = [_taken(source, node, held) for node in built]
    value = joined(found)
    return value if isinstance(value, Array) else None


def _taken(source: Source, node: ast.expr, given: Array) -> Array | None:
    path = source.path_of(node.func) if isinstance(node, ast.Call) else None
    if path == "torch.nn.Sequential" and isinstance(node, ast.Call):
        first = next(iter(entries(node)), None)
        return None if first is None or isinstance(first, ast.Starred) else _taken(source, first, given)
    pair = by_module.get(path or "")
    return None if pair is None else taken_by(pair, given)
