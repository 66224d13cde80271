"""Values on their way through forward: results that nobody uses, and images flattened before the convolutions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..diagnostics import Diagnostic
from ..ops import by_function, by_module
from ..recognise.calls import shown
from ..recognise.model import Model
from .scene import Scene

_SPATIAL = {"conv", "pool"}


def find_dropped_values(scene: Scene) -> Iterator[Diagnostic]:
    """`out = F.relu(out)` whose `out` is given another value before anybody reads it."""
    for function in scene.functions():
        model = scene.model_of(function)
        if model is None:
            continue
        for block in blocks(function):
            for index, statement in enumerate(block):
                name = _result(scene, model, statement)
                other = None if name is None else _overwritten(block[index + 1 :], name)
                if other is not None and not _is_captured(function, name):
                    reason = f"line {other.lineno} gives it a new one, computed from {_reads(other)}"
                    yield scene.find("NF305", statement, name=name, reason=reason)
                elif name is not None and _is_never_read(function, name):
                    yield scene.find("NF305", statement, name=name, reason="nothing reads it")


def find_ignored_results(scene: Scene) -> Iterator[Diagnostic]:
    """`F.relu(x)` as a statement of its own."""
    read = {call.node: call for call in scene.calls}
    for _, forward in scene.forwards():
        for node in ast.walk(forward):
            call = read.get(node.value) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
            if call is None or call.fault or _in_place(scene, call.call) or "inplace" in call.args:
                continue
            if call.pairs[0].function != "batch_norm" and all(each.arg != "out" for each in call.call.keywords):
                yield scene.find("NF322", call.node, function=call.written)


def find_early_flattening(scene: Scene) -> Iterator[Diagnostic]:
    """A value that was flattened and then goes into a convolution or pooling."""
    for function in scene.functions():
        model = scene.model_of(function)
        if model is None:
            continue
        flattened: dict[str, int] = {}
        for statement in function.body:
            for call in _calls(statement):
                name = _first_name(call)
                path = _path(scene, model, call)
                if name in flattened and _takes_space(path):
                    yield scene.find("NF306", call, function=shown(path), name=name, other=flattened[name])
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    if _flattens(scene, value):
                        flattened[name] = statement.lineno
                    else:
                        flattened.pop(name, None)
                case ast.Expr() | ast.Return():
                    pass
                case _:
                    flattened.clear()


def blocks(function: ast.AST) -> Iterator[list[ast.stmt]]:
    """Every list of statements in a function, the inner ones included."""
    for node in ast.walk(function):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block


def _result(scene: Scene, model: Model, statement: ast.stmt) -> str | None:
    """The local that a statement gives the result of a torch function or of a layer."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if not _in_place(scene, call):
            path = _path(scene, model, call)
            return name if path in by_function or path in by_module else None
        case _:
            return None


def _in_place(scene: Scene, call: ast.Call) -> bool:
    """A call that also changes what it is given has an effect of its own."""
    return any(keyword.arg == "inplace" for keyword in call.keywords) or (
        isinstance(call.func, ast.Attribute) and call.func.attr.endswith("_")
    )


def _overwritten(later: list[ast.stmt], name: str) -> ast.stmt | None:
    """The next statement that sets the name, if none before it, itself included, reads it."""
    for statement in later:
        names = [node for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id == name]
        if not names:
            if isinstance(statement, (ast.Return, ast.Raise, ast.Break, ast.Continue)):
                return None
            continue
        plain = isinstance(statement, ast.Assign) and all(isinstance(node.ctx, ast.Store) for node in names)
        return (
            statement
            if plain and isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
            else None
        )
    return None


def _is_never_read(function: ast.AST, name: str) -> bool:
    """One store and nothing else, where a name that begins with an underscore says that this is meant."""
    uses = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id in {name, "locals"}]
    return len(uses) == 1 and not name.startswith("_") and function.name == "forward"  # type: ignore[attr-defined]


def _reads(statement: ast.stmt) -> str:
    """What a statement computes its value from: the first local its call is handed."""
    for call in _calls(statement):
        if (name := _first_name(call)) is not None:
            return f"`{name}`"
    return "something else"


def _is_captured(function: ast.AST, name: str | None) -> bool:
    """Whether an inner function may read the name at any time."""
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    return any(
        isinstance(node, ast.Name) and node.id == name
        for scope in ast.walk(function)
        if isinstance(scope, inner) and scope is not function
        for node in ast.walk(scope)
    )


def _calls(statement: ast.stmt) -> Iterator[ast.Call]:
    return (node for node in ast.walk(statement) if isinstance(node, ast.Call))


def _path(scene: Scene, model: Model, call: ast.Call) -> str:
    """The torch function of a call, or the torch class of the layer that is called."""
    path = scene.source.path_of(call.func)
    if path is not None:
        return path
    return scene.layer_class(model, call.func)


def _takes_space(path: str) -> bool:
    pairs = by_function.get(path) or ((by_module[path],) if path in by_module else ())
    return any(pair.family in _SPATIAL and pair.function[-2:] in {"2d", "3d"} for pair in pairs)


def _first_name(call: ast.Call) -> str | None:
    return call.args[0].id if call.args and isinstance(call.args[0], ast.Name) else None


def _flattens(scene: Scene, value: ast.expr) -> bool:
    """`x.view(x.size(0), -1)`, `x.flatten(1)`, `torch.flatten(x, 1)`: two dimensions are left."""
    match value:
        case ast.Call(func=ast.Attribute(attr="view" | "reshape"), args=[_, last], keywords=[]):
            return _is_minus_one(last)
        case ast.Call(func=ast.Attribute(attr="flatten"), args=[ast.Constant(value=1)], keywords=[]):
            return True
        case ast.Call(func=func, args=[_, ast.Constant(value=1)], keywords=[]):
            return scene.source.path_of(func) == "torch.flatten"
        case _:
            return False


def _is_minus_one(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant)
