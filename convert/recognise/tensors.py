"""Calls of tensor methods that have a twin: `x.relu()`, `x.view(x.size(0), -1)`, where x is a tensor for certain.

Certain are results of torch's functions and layers, what their arithmetic and methods make of them, locals that hold
such along straight-line code, and arguments of a method that also go into a function or layer of torch.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..calls import BindError, bind
from ..ops import LOOKALIKES, Lookalike, Pair, Spelling, by_function, by_method, by_module
from .block import block_of
from .calls import FunctionCall, calls_in, construction, read_call
from .model import Model

_KEEP = set(
    """
    abs bmm clamp clone contiguous detach div double exp expand flatten float half log matmul mul permute pow relu
    repeat reshape sigmoid softmax sqrt squeeze sub t tanh transpose unflatten unsqueeze view log_softmax
    """.split()  # noqa: SIM905
)
"""Methods of a tensor that always give one tensor."""

_MAKERS = {
    f"torch.{name}" for name in ("cat", "stack", "matmul", "bmm", "add", "mul", "rand", "randn", "zeros", "ones")
}
_KEEPS_AXES = {"activation", "dropout"}
_SEVERAL_AXES = {"conv", "pool"}
_FLAT = Spelling(method="view", takes="input", fixed={"start_dim": "1"})
_FLATTEN = (by_module["torch.nn.Flatten"],)


def method_calls(model: Model) -> Iterator[tuple[FunctionCall, bool]]:
    """Every call of such a method in a class, and whether its receiver is a tensor for certain."""
    for node in calls_in(model):
        match node.func:
            case ast.Attribute(value=owner, attr="view" | "reshape") if _keeps_first(node, owner):
                call = FunctionCall(node, _FLATTEN, _FLAT, {"input": owner}, model.method_of(node))
                yield call, _has_axes(model, owner)
            case ast.Attribute(value=owner, attr=name) if name in by_method and model.source.path_of(node.func) is None:
                read = _read(model, node, owner, name)
                if read is not None:
                    yield read, is_tensor(model, owner)


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


def is_tensor(model: Model, node: ast.expr, depth: int = 0) -> bool:
    """Whether an expression is a tensor for certain."""
    if depth > 50:
        return False
    match node:
        case ast.Name():
            return any(is_tensor(model, value, depth + 1) for value in _held(model, node)) or _is_given(model, node)
        case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in _KEEP and _pair(model, node) is None:
            path = model.source.path_of(node.func)
            return path in _MAKERS or (path is None and is_tensor(model, owner, depth + 1))
        case ast.Call(func=func):
            return model.source.path_of(func) in _MAKERS or _gives_one(model, node)
        case ast.BinOp(left=left, right=right):
            return is_tensor(model, left, depth + 1) or (
                isinstance(left, ast.Constant) and is_tensor(model, right, depth + 1)
            )
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return is_tensor(model, operand, depth + 1)
        case _:
            return False


def _gives_one(model: Model, node: ast.Call) -> bool:
    """Whether a call of a function or layer of torch gives one tensor, and no indices beside it."""
    if (call := read_call(model.source, node, None)) is not None:
        return "return_indices" not in {*call.args, *call.spelling.fixed}
    definition = _layer(model, node)
    built = construction(model, definition)
    return built is not None and "return_indices" not in built.args


def _layer(model: Model, node: ast.Call) -> ast.expr | None:
    """What the attribute that is called was given, if only once."""
    name = model.self_attribute(node.func)
    definitions = model.attribute(name).definitions if name else []
    return definitions[0].value if len(definitions) == 1 else None


def _pair(model: Model, node: ast.Call) -> Pair | None:
    """The row of a function, or of a layer of the class that is called."""
    path = model.source.path_of(node.func)
    if path is not None:
        return by_function[path][0] if path in by_function else None
    built = construction(model, _layer(model, node))
    return None if built is None else built.pair


def _held(model: Model, name: ast.Name) -> list[ast.expr]:
    """What a local was last given along straight-line code; nothing where paths may differ."""
    statement: ast.AST | None = model.source.statement(name)
    while isinstance(statement, ast.stmt):
        block = block_of(model.source, statement)
        for earlier in reversed(block[: block.index(statement)]):
            match earlier:
                case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name.id:
                    return [value]
            if _binds(earlier, name.id):
                return []
        statement = model.source.parent(statement)
        if not isinstance(statement, (ast.If, ast.With)):
            return []
    return []


def _is_given(model: Model, name: ast.Name) -> bool:
    """Whether a name is an argument of the method, not bound anew so far, and given to torch whatever happens."""
    method = model.method_of(name)
    if method is None:
        return False
    inside = list(ast.walk(method.node))
    if [node.arg for node in inside if isinstance(node, ast.arg)].count(name.id) != 1:
        return False
    uses = [node for node in inside if isinstance(node, ast.Name) and node.id == name.id]
    bound = [model.source.statement(use).lineno for use in uses if not isinstance(use.ctx, ast.Load)]
    until = min(bound, default=10**9) if not _repeats(model, name) or not bound else 0
    known = [use for use in uses if isinstance(use.ctx, ast.Load) and model.source.statement(use).lineno <= until]
    row = model.source.statement(name).lineno  # what runs later may not run at all
    before = [use for use in known if model.source.statement(use).lineno <= row]
    return name in known and any(_is_data(model, use, method.node.body) for use in before)


def _is_data(model: Model, use: ast.Name, body: list[ast.stmt]) -> bool:
    """Whether a name is the first argument of a function or layer of torch in a statement that always runs."""
    call = model.source.parent(use)
    if not isinstance(call, ast.Call) or not call.args or call.args[0] is not use or _pair(model, call) is None:
        return False
    return model.source.statement(use) in body and not any(
        isinstance(around, (ast.IfExp, ast.BoolOp, ast.Lambda, ast.comprehension))
        for around in model.source.ancestors(use)
    )


def _repeats(model: Model, node: ast.AST) -> bool:
    around = model.source.ancestors(node)
    return any(isinstance(each, (ast.For, ast.AsyncFor, ast.While, ast.comprehension, ast.Lambda)) for each in around)


def _has_axes(model: Model, node: ast.expr, depth: int = 0) -> bool:
    """Whether a value has two dimensions or more for certain: what a convolution or pooling gives, batch or not."""
    match node:
        case ast.Name() if depth < 50:
            return any(_has_axes(model, value, depth + 1) for value in _held(model, node))
        case ast.Call(args=[first, *_]) if depth < 50 and (pair := _pair(model, node)) is not None:
            if pair.family in _SEVERAL_AXES:
                return _gives_one(model, node)
            return pair.family in _KEEPS_AXES and _has_axes(model, first, depth + 1)
        case _:
            return False


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


def _binds(statement: ast.stmt, name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        for node in ast.walk(statement)
    )
