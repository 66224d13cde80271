"""What a call of a function of torch gives, and what it tells of the values that it is given."""

from __future__ import annotations

import ast
from collections.abc import Callable as Function
from collections.abc import Sequence

from ...ops import by_function
from ..calls import read_call
from ..model import Model
from ..value import TENSOR, Array, Value, joined
from .layers import given_by, taken_by
from .operations import BROADCAST, Operation, made, operated

Ask = Function[[ast.expr], Value | None]
Learn = Function[[ast.expr, Array | None], None]

_ROOTS = ("torch.", "torch.nn.functional.")
_DUCKS = frozenset({"torch.nn.functional.sigmoid", "torch.nn.functional.tanh", "torch.nn.functional.normalize"})
_LOOSE = frozenset({"split", "norm", "where", "einsum", "tensordot", "cdist", "type", "size"}) | BROADCAST
"""Functions that call a method of what they are given, or take something else than a tensor first."""

_BOTH = frozenset({"matmul", "bmm", "mm"})
_JOIN = frozenset({"cat", "concat", "concatenate", "stack"})


def called(model: Model, node: ast.Call, path: str, ask: Ask, learn: Learn) -> Value | None:
    """What a function of torch gives; None where that is not certain."""
    if path == "torch.nn.Parameter":
        held = ask(node.args[0]) if node.args else None
        return Array(True, held.least, held.most) if isinstance(held, Array) else TENSOR
    name = path.rpartition(".")[2]
    if path in by_function and name not in {"flatten", "unflatten"}:
        return _row(model, node, path, ask, learn)
    root = path[: -len(name)]
    if root not in _ROOTS:
        return None
    _tell(node.args, name, root, ask, learn)
    keywords = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg is not None}
    found = made(name, node.args, keywords, ask) if root == "torch." else None
    if found is not None or not node.args or isinstance(node.args[0], ast.Starred):
        return found
    held = ask(node.args[0])
    owner = Array(True, held.least, held.most) if isinstance(held, Array) else TENSOR
    return operated(Operation(name, owner, node.args[1:], keywords, ask))


def _row(model: Model, node: ast.Call, path: str, ask: Ask, learn: Learn) -> Value | None:
    """A function of the table; where it stands for several modules, what all of these give."""
    call = read_call(model.source, node, None)
    if call is None or call.fault:
        return None
    first = call.args.get(call.pairs[0].data[0])
    held = None if first is None else ask(first)
    said = {*call.args, *call.spelling.fixed}
    if first is not None and path not in _DUCKS:
        found = joined([taken_by(pair, held) for pair in call.pairs])
        learn(first, found if isinstance(found, Array) and found.tensor else None)
    return joined([given_by(pair, held, said) for pair in call.pairs])


def _tell(args: Sequence[ast.expr], name: str, root: str, ask: Ask, learn: Learn) -> None:
    """Functions of torch's core take tensors and nothing else."""
    if root != "torch." or name in _LOOSE or not args:
        return
    known = list(args[: 2 if name in _BOTH else 1]) if operated(_plain(name)) is not None else []
    if name in _JOIN and isinstance(args[0], (ast.Tuple, ast.List)):
        known = args[0].elts
    for one in known:
        held = ask(one)
        learn(one, Array(True, held.least, held.most) if isinstance(held, Array) else TENSOR)


def _plain(name: str) -> Operation:
    return Operation(name, TENSOR, (), {}, lambda _: None)
