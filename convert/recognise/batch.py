"""Whether a value certainly has a batch axis: its exact number of dimensions, from what the text itself counts.

Convolutions and poolings are no witnesses, since they take input without a batch too; they only pass a rank on. What
counts axes is `n, c, h, w = x.shape`, `x.view(n, c, h, w)`, `torch.randn(2, 3, 8, 8)`, and a batch norm's module.
"""

from __future__ import annotations

import ast

from ..ops import Pair, by_function, by_module
from ..source import Source
from .block import block_of
from .model import Model

_KEEPS_RANK = {"activation", "dropout", "conv", "pool", "norm"}
_SIZED = {"torch.rand", "torch.randn", "torch.zeros", "torch.ones", "torch.empty"}
_DEPTH = 20


def counted_rank(model: Model, node: ast.expr, depth: int = 0) -> int | None:
    """The number of dimensions that an expression certainly has; None if nobody counts them."""
    if depth > _DEPTH:
        return None
    match node:
        case ast.Name():
            return _local_rank(model, node, depth)
        case ast.Call(func=ast.Attribute(attr="view" | "reshape"), args=args) if not node.keywords:
            return _sizes(args)
        case ast.Call(args=[first, *_]):
            if model.source.path_of(node.func) in _SIZED:
                return _sizes(node.args)
            pair = _pair(model, node)
            if pair is None:
                return None
            if pair.family == "norm" and len(pair.ranks) == 1 and not pair.other_ranks and _is_layer(model, node):
                return pair.ranks[0]
            return counted_rank(model, first, depth + 1) if keeps_rank(pair) else None
        case ast.BinOp(left=left, right=ast.Constant()):
            return counted_rank(model, left, depth + 1)
        case _:
            return None


def keeps_rank(pair: Pair) -> bool:
    """Whether the output has as many axes as the input, whatever that is."""
    return pair.family in _KEEPS_RANK


def _sizes(args: list[ast.expr]) -> int | None:
    if len(args) == 1:
        only = args[0]
        if not isinstance(only, (ast.Tuple, ast.List)):
            return None  # one size, or a whole shape
        args = only.elts
    return None if any(isinstance(size, ast.Starred) for size in args) else len(args)


def _pair(model: Model, node: ast.Call) -> Pair | None:
    path = model.source.path_of(node.func)
    if path is not None:
        pairs = by_function.get(path, ())
        return pairs[0] if pairs else None
    name = model.self_attribute(node.func)
    definitions = model.attribute(name).definitions if name else []
    value = definitions[0].value if len(definitions) == 1 else None
    return by_module.get(model.source.path_of(value.func) or "") if isinstance(value, ast.Call) else None


def _is_layer(model: Model, node: ast.Call) -> bool:
    return model.self_attribute(node.func) is not None


def _local_rank(model: Model, name: ast.Name, depth: int) -> int | None:
    """From the statements before, along straight-line code: where it was unpacked, or what it was given."""
    statement: ast.AST | None = model.source.statement(name)
    while isinstance(statement, ast.stmt):
        block = block_of(model.source, statement)
        for earlier in reversed(block[: block.index(statement)]):
            if (rank := _unpacked(model.source, earlier, name.id)) is not None:
                return rank
            match earlier:
                case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name.id:
                    return counted_rank(model, value, depth + 1)
            if _binds(earlier, name.id):
                return None
        statement = model.source.parent(statement)
        if not isinstance(statement, (ast.If, ast.With)):
            return None
    return None


def _unpacked(source: Source, statement: ast.stmt, name: str) -> int | None:
    """`n, c, h, w = x.shape`, or `x.size()`: four."""
    match statement:
        case ast.Assign(
            targets=[ast.Tuple(elts=elements)],
            value=ast.Attribute(value=ast.Name(id=owner), attr="shape")
            | ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr="size"), args=[], keywords=[]),
        ) if owner == name:
            bound = {node.id for node in ast.walk(statement.targets[0]) if isinstance(node, ast.Name)}
            starred = any(isinstance(element, ast.Starred) for element in elements)
            return None if starred or name in bound else len(elements)
        case _:
            return None


def _binds(statement: ast.stmt, name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        for node in ast.walk(statement)
    )
