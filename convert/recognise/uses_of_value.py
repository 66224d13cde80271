"""What becomes of a value: whether it certainly goes into a layer that only a tensor fits, or one of many features.

`out = out.view(out.size(0), -1)` and then `self.fc(out)` of an `nn.Linear(512, 10)`: with one axis, out would have had
one feature, and the linear layer would have failed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..ops import Pair, by_module
from .block import block_of
from .calls import construction, read_call
from .creation import parameter_creation
from .model import Model
from .value import Callable
from .values import is_method_of_tensors, takes, value_of

_DEPTH = 20
_LEAVES = (ast.Return, ast.Break, ast.Continue, ast.Yield, ast.YieldFrom, ast.Try)
_PERHAPS = (ast.IfExp, ast.BoolOp, ast.Lambda, ast.comprehension, ast.ListComp, ast.GeneratorExp, ast.Compare)


def goes_to_torch(model: Model, node: ast.expr, depth: int = 0) -> bool:
    """Whether what an expression gives, or what methods make of it, certainly goes into torch as a tensor."""
    if depth > _DEPTH:
        return False
    match model.source.parent(node):
        case ast.Call(args=[first, *_]) as call if first is node:
            found = takes(model, call)
            return found is not None and found.tensor
        case ast.Attribute(value=owner, attr=name) as attribute if owner is node and is_method_of_tensors(name):
            made = model.source.parent(attribute)
            return isinstance(made, ast.Call) and made.func is attribute and goes_to_torch(model, made, depth + 1)
        case ast.Assign(targets=[ast.Name() as target], value=value) if value is node:
            return any(goes_to_torch(model, read, depth + 1) for read in _next_reads(model, target))
        case _:
            return False


def has_many_features(model: Model, node: ast.expr, depth: int = 0) -> bool:
    """Whether the last axis of a value is certainly longer than one, or the run fails: a linear layer takes it."""
    if depth > _DEPTH:
        return False
    match model.source.parent(node):
        case ast.Call(args=[first, *_]) as call if first is node:
            if _is_kept(model, call):
                return has_many_features(model, call, depth + 1)
            return _is_many(model, _features(model, call))
        case ast.Assign(targets=[ast.Name() as target], value=value) if value is node:
            return any(has_many_features(model, read, depth + 1) for read in _next_reads(model, target))
        case _:
            return False


def _next_reads(model: Model, target: ast.Name) -> Iterator[ast.Name]:
    """Reads of a local that certainly run after its assignment, before it is bound anew."""
    statement = model.source.statement(target)
    block = block_of(model.source, statement)
    for later in block[block.index(statement) + 1 :]:
        inside = model.source.walk(later)
        names = [one for one in inside if isinstance(one, ast.Name) and one.id == target.id]
        simple = not hasattr(later, "body")
        if simple:
            yield from (one for one in names if isinstance(one.ctx, ast.Load) and _certainly_runs(model, one))
        if any(not isinstance(one.ctx, ast.Load) for one in names) or any(isinstance(one, _LEAVES) for one in inside):
            return


def _certainly_runs(model: Model, node: ast.AST) -> bool:
    """Whether an expression evaluates this part of it, whatever the values."""
    for around in model.source.ancestors(node):
        if isinstance(around, ast.stmt):
            return True
        if isinstance(around, _PERHAPS):
            return False
    return False


def _layers(model: Model, call: ast.Call) -> list[ast.Call] | None:
    """The constructors that may have made the layer that is called, the first of a Sequential."""
    held = value_of(model, call.func)
    if not isinstance(held, Callable) or held.listed:
        return None
    found: list[ast.Call] = []
    for node in held.built:
        while isinstance(node, ast.Call) and model.source.path_of(node.func) == "torch.nn.Sequential":
            entries = [one for one in node.args if not _is_layer_that_keeps(model, one)]
            if not entries or isinstance(entries[0], ast.Starred):
                return None
            node = entries[0]
        if not isinstance(node, ast.Call):
            return None
        found.append(node)
    return found


def _is_kept(model: Model, call: ast.Call) -> bool:
    """Whether a call gives a tensor of the shape of its argument: dropout, or a ReLU."""
    read = read_call(model.source, call, None)
    if read is not None:
        return _keeps_shape(read.pairs[0])
    held = value_of(model, call.func)
    nodes = held.built if isinstance(held, Callable) else ()
    pairs = [by_module.get(model.source.path_of(one.func) or "") for one in nodes if isinstance(one, ast.Call)]
    return bool(pairs) and len(pairs) == len(nodes) and all(pair is not None and _keeps_shape(pair) for pair in pairs)


def _is_layer_that_keeps(model: Model, node: ast.expr) -> bool:
    pair = by_module.get(model.source.path_of(node.func) or "") if isinstance(node, ast.Call) else None
    return pair is not None and _keeps_shape(pair)


def _keeps_shape(pair: Pair) -> bool:
    return pair.family == "dropout" or pair.function == "relu"


def _features(model: Model, call: ast.Call) -> list[ast.expr | str] | None:
    """How many features the linear layer that is called takes, as each constructor that may have made it says."""
    read = read_call(model.source, call, None)
    if read is not None and read.pairs[0].module == "Linear":
        return _of_weight(model, read.args.get("weight"))
    layers = _layers(model, call)
    if not layers:
        return None
    found: list[ast.expr | str] = []
    for node in layers:
        built = construction(model, node)
        if built is None or built.pair.module != "Linear" or "in_features" not in built.args:
            return None
        found.append(built.args["in_features"])
    return found


def _of_weight(model: Model, node: ast.expr | None) -> list[ast.expr | str] | None:
    name = None if node is None else model.self_attribute(node)
    definitions = model.attribute(name).definitions if name else []
    made = parameter_creation(model.source, definitions[0]) if len(definitions) == 1 else None
    return [made.axes[1]] if made is not None and len(made.axes) == 2 else None


def _is_many(model: Model, sizes: list[ast.expr | str] | None) -> bool:
    if not sizes:
        return False
    nodes = [ast.parse(f"({size})", mode="eval").body if isinstance(size, str) else size for size in sizes]
    return all(_is_not_one(node) for node in nodes)


def _is_not_one(node: ast.expr) -> bool:
    """Whether a size cannot be 1: 512, or a product with such a number, which no other whole number makes 1."""
    match node:
        case ast.Constant(value=int(value)):
            return value > 1
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _is_not_one(left) or _is_not_one(right)
        case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=int(power))):
            return power > 0 and _is_not_one(base)
        case _:
            return False
