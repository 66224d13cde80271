"""Calls of tensor methods that have a twin: `x.relu()`, `x.view(x.size(0), -1)`, where x is a tensor for certain."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..calls import BindError, bind
from ..ops import LOOKALIKES, Lookalike, Spelling, by_method, by_module
from .calls import FunctionCall, calls_in
from .model import Model
from .uses_of_value import goes_to_torch, has_many_features
from .values import axes_of, is_tensor

_FLAT = Spelling(method="view", takes="input", fixed={"start_dim": "1"})
_FLATTEN = (by_module["torch.nn.Flatten"],)


def method_calls(model: Model) -> Iterator[tuple[FunctionCall, bool]]:
    """Every call of such a method in a class, and whether its receiver is a tensor for certain."""
    for node in calls_in(model):
        match node.func:
            case ast.Attribute(value=owner, attr="view" | "reshape") if _keeps_first(node, owner):
                call = FunctionCall(node, _FLATTEN, _FLAT, {"input": owner}, model.method_of(node))
                known = is_tensor(model, owner) and axes_of(model, owner).least >= 2
                yield call, known or has_many_features(model, node)
            case ast.Attribute(value=owner, attr=name) if name in by_method and model.source.path_of(node.func) is None:
                read = _read(model, node, owner, name)
                if read is not None:
                    yield read, is_tensor(model, owner) or (_is_of_tensors(node, name) and goes_to_torch(model, node))


def lookalikes(model: Model) -> Iterator[tuple[ast.Call, Lookalike]]:
    """Calls that compute what a module computes, with another gradient: `x.clamp(min=0)`."""
    for node in calls_in(model):
        path = model.source.path_of(node.func)
        for row in LOOKALIKES:
            owner = [] if path == row.function else [node.func]
            if path != row.function and not (isinstance(node.func, ast.Attribute) and node.func.attr == row.method):
                continue
            if path is not None and owner:
                continue
            try:
                bound = bind(row.signature, ast.Call(node.func, [*owner, *node.args], node.keywords)).args
            except BindError:
                continue
            texts = {name: model.source.says(value) for name, value in bound.items() if name != "input"}
            if texts in row.when:
                yield node, row


def _read(model: Model, node: ast.Call, owner: ast.expr, name: str) -> FunctionCall | None:
    if model.self_attribute(node.func) is not None:
        return None  # self.relu(…): a layer or a method of the class
    pairs = by_method[name]
    spelling = pairs[0].method_spelling(name)
    try:
        bound = bind(spelling.signature, ast.Call(node.func, [owner, *node.args], node.keywords))
    except BindError:
        return None
    return None if bound.missing else FunctionCall(node, pairs, spelling, bound.args, model.method_of(node))


def _is_of_tensors(node: ast.Call, name: str) -> bool:
    """Whether only tensors have such a method: the one of arrays that flattens takes the order of their memory."""
    return name != "flatten" or bool(node.args)


def _keeps_first(node: ast.Call, owner: ast.expr) -> bool:
    """`x.view(x.size(0), -1)`, `x.view((len(x), -1))`: all axes but the first become one."""
    match node.args:
        case [ast.Tuple(elts=sizes) | ast.List(elts=sizes)]:
            pass
        case sizes:
            pass
    if not isinstance(owner, ast.Name) or node.keywords or len(sizes) != 2:
        return False
    size, rest = (ast.unparse(argument) for argument in sizes)
    batch = {f"{owner.id}.{size}" for size in ("size(0)", "size(dim=0)", "shape[0]", "size()[0]")}
    return rest == "-1" and size in {*batch, f"len({owner.id})"}
