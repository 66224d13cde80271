"""How many dimensions a value has, where its neighbours tell: a convolution before it, a pooling after it.

Only layers that insist on their rank count as witnesses: convolutions, poolings and batch norms say it in their name. A
linear layer takes any rank; it is a witness for two dimensions where its features are the channels of the call in
question, which are its last axis and the second one.
"""

from __future__ import annotations

import ast

from ..ops import by_function, by_module
from ..shapes import same_text
from .block import block_of
from .calls import FunctionCall, calls_under, construction
from .creation import buffer_creation, parameter_creation
from .model import Model

_KEEPS_RANK = {"activation", "dropout"}
_FLAT = {"torch.nn.functional.linear", "torch.nn.Linear"}


def input_rank(model: Model, call: FunctionCall) -> int | None:
    """Number of dimensions, batch included, of the first argument of a call; None if nobody tells."""
    first = call.args.get("input")
    if first is None:
        return None
    channels = _channels(model, call)
    return _rank_of(model, first, channels, 0) or _rank_from_users(model, call.node, channels, 0)


def _rank_of(model: Model, node: ast.expr, channels: str | None, depth: int) -> int | None:
    """The rank of an expression from what made it."""
    if depth > 20:
        return None
    match node:
        case ast.Name():
            made = _last_assignment(model, node)
            return None if made is None else _rank_of(model, made, channels, depth + 1)
        case ast.Call(args=[first, *_]):
            said = _rank_said(model, node, channels, made=True)
            if said is not None:
                return said
            return _rank_of(model, first, channels, depth + 1) if _keeps_rank(model, node) else None
        case ast.BinOp(left=left, right=right):
            return _rank_of(model, left, channels, depth + 1) or _rank_of(model, right, channels, depth + 1)
        case _:
            return None


def _rank_from_users(model: Model, node: ast.expr, channels: str | None, depth: int) -> int | None:
    """The rank of an expression from who takes it next."""
    if depth > 20:
        return None
    parent = model.source.parent(node)
    match parent:
        case ast.Call(args=[first, *_]) if first is node:
            said = _rank_said(model, parent, channels, made=False)
            if said is not None:
                return said
            return _rank_from_users(model, parent, channels, depth + 1) if _keeps_rank(model, parent) else None
        case ast.Assign(targets=[ast.Name() as target]):
            user = _next_use(model, target)
            return None if user is None else _rank_from_users(model, user, channels, depth + 1)
        case _:
            return None


def _path(model: Model, node: ast.Call) -> str:
    """The torch function, or the torch class of the layer, that a call runs."""
    path = model.source.path_of(node.func)
    if path is not None:
        return path
    name = model.self_attribute(node.func)
    definitions = model.attribute(name).definitions if name else []
    if len(definitions) == 1 and isinstance(definitions[0].value, ast.Call):
        return model.source.path_of(definitions[0].value.func) or ""
    return ""


def _rank_said(model: Model, node: ast.Call, channels: str | None, *, made: bool) -> int | None:
    path = _path(model, node)
    if path in _FLAT:
        features = _features(model, node, path, made=made)
        return 2 if features is not None and channels is not None and same_text(features, channels) else None
    pairs = by_function.get(path) or ((by_module[path],) if path in by_module else ())
    if len(pairs) == 1 and pairs[0].family in {"conv", "pool"} and pairs[0].function[-2:] in {"1d", "2d", "3d"}:
        return 2 + int(pairs[0].function[-2])
    if len(pairs) == 1 and pairs[0].ranks and len(pairs[0].ranks) == 1:
        return pairs[0].ranks[0]
    return None


def _features(model: Model, node: ast.Call, path: str, *, made: bool) -> str | None:
    """How many features a linear layer makes, or takes."""
    if path == "torch.nn.Linear":
        name = model.self_attribute(node.func)
        definition = model.attribute(name).definitions[0] if name else None
        built = construction(model, definition.value) if definition is not None else None
        size = built.args.get("out_features" if made else "in_features") if built is not None else None
        return None if size is None else model.source.says(size)
    call = next(calls_under(model.source, node), None)
    axes = None if call is None or call.node is not node else _axes(model, call.args.get("weight"))
    return None if axes is None or len(axes) != 2 else axes[0 if made else 1]


def _channels(model: Model, call: FunctionCall) -> str | None:
    """How many channels a norm has: the length of a tensor that it is handed."""
    for name in ("running_mean", "weight"):
        axes = _axes(model, call.args.get(name))
        if axes is not None and len(axes) == 1:
            return axes[0]
    return None


def _axes(model: Model, node: ast.expr | None) -> tuple[str, ...] | None:
    """The shape of an own tensor, as its definition says it."""
    name = model.self_attribute(node) if node is not None else None
    definitions = model.attribute(name).definitions if name else []
    if len(definitions) != 1:
        return None
    read = buffer_creation if definitions[0].form == "register_buffer" else parameter_creation
    made = read(model.source, definitions[0])
    return None if made is None else made.axes


def _keeps_rank(model: Model, node: ast.Call) -> bool:
    path = _path(model, node)
    pairs = by_function.get(path) or ((by_module[path],) if path in by_module else ())
    return bool(pairs) and all(pair.family in _KEEPS_RANK or pair.function.endswith("_norm") for pair in pairs)


def _last_assignment(model: Model, name: ast.Name) -> ast.expr | None:
    """What a local was last given before a place, along straight-line code; None where paths may differ."""
    statement = model.source.statement(name)
    while True:
        block = block_of(model.source, statement)
        index = block.index(statement)
        for earlier in reversed(block[:index]):
            match earlier:
                case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name.id:
                    return value
            if any(
                isinstance(n, ast.Name) and n.id == name.id and not isinstance(n.ctx, ast.Load)
                for n in ast.walk(earlier)
            ):
                return None
        parent = model.source.parent(statement)
        if not isinstance(parent, ast.If):
            return None
        statement = parent


def _next_use(model: Model, target: ast.Name) -> ast.Name | None:
    """The first read of a local after its assignment in the same block."""
    statement = model.source.statement(target)
    block = block_of(model.source, statement)
    for later in block[block.index(statement) + 1 :]:
        reads = [n for n in ast.walk(later) if isinstance(n, ast.Name) and n.id == target.id]
        if reads:
            loads = [n for n in reads if isinstance(n.ctx, ast.Load)]
            return loads[0] if loads else None
    return None
