"""Work in place that destroys a value which somebody still needs: the next lines, or backward."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..diagnostics import Diagnostic
from ..ops import by_function, by_module
from ..recognise.calls import shown
from ..recognise.model import Model
from .dataflow import blocks
from .scene import Scene

_SAVES_OUTPUT = {"relu", "sigmoid", "tanh", "softmax", "log_softmax", "exp", "sqrt"}
"""Functions whose pullback is written in terms of their result."""

_SAVING_LAYERS = {"torch.nn.ReLU", "torch.nn.Sigmoid", "torch.nn.Tanh", "torch.nn.Softmax", "torch.nn.LogSoftmax"}
_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def find_shared_inplace(scene: Scene) -> Iterator[Diagnostic]:
    """One `nn.ReLU(inplace=True)` that several steps of forward go through."""
    for model, forward in scene.forwards():
        inside = set(ast.walk(forward))
        for attribute in model.attributes.values():
            built = scene.layer(model, attribute.name)
            path = scene.source.path_of(built.func) if built is not None else None
            if built is None or path not in by_module or by_module[path].family != "activation":
                continue
            uses = [use for use in attribute.uses if use in inside] if _asks_in_place(built) else []
            if len(uses) > 1:
                facts = {"name": attribute.name, "function": shown(path), "count": len(uses)}
                yield scene.find("NF313", attribute.definitions[0].statement, **facts)


def find_overwritten_values(scene: Scene) -> Iterator[Diagnostic]:
    """`y = F.relu(x, inplace=True)`, and `x` is read again as if it were unchanged."""
    for model, forward in scene.forwards():
        for block in blocks(forward):
            for index, statement in enumerate(block):
                match statement:
                    case ast.Assign(
                        targets=[ast.Name(id=result)], value=ast.Call(args=[ast.Name(id=name), *_]) as call
                    ):
                        function = _in_place_function(scene, model, call)
                        copies = _copies(block[:index], name)
                        if function is None or (result == name and not copies):
                            continue
                        for other in sorted(copies | ({name} if result != name else set())):
                            reader = _next_reader(block[index + 1 :], other)
                            if reader is not None:
                                facts = {"function": function, "name": other, "other": reader.lineno}
                                yield scene.find("NF314", call, **facts)
                    case _:
                        pass


def find_broken_backward(scene: Scene) -> Iterator[Diagnostic]:
    """`out = F.relu(self.conv(x))`, then `out += x`: backward of relu needs its result as it was."""
    for model, forward in scene.forwards():
        for block in blocks(forward):
            made: dict[str, tuple[int, str]] = {}
            for statement in block:
                match statement:
                    case ast.AugAssign(target=ast.Name(id=name), op=op) if name in made and type(op) in _OPERATORS:
                        line, function = made.pop(name)
                        if scene.is_without_gradient(statement):
                            continue
                        facts = {"name": name, "other": line, "function": function, "operator": _OPERATORS[type(op)]}
                        yield scene.find("NF318", statement, **facts)
                    case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                        saving = _saving_function(scene, model, call)
                        made.pop(name, None)
                        if saving is not None:
                            made[name] = (statement.lineno, saving)
                    case _:
                        stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
                        for node in stored:
                            if not isinstance(node.ctx, ast.Load):
                                made.pop(node.id, None)


def _asks_in_place(call: ast.Call) -> bool:
    inplace = next((keyword.value for keyword in call.keywords if keyword.arg == "inplace"), None)
    if inplace is None and len(call.args) == 1 and isinstance(call.func, ast.Attribute) and call.func.attr == "ReLU":
        inplace = call.args[0]  # nn.ReLU(True)
    return isinstance(inplace, ast.Constant) and inplace.value is True


def _in_place_function(scene: Scene, model: Model, call: ast.Call) -> str | None:
    """What works in place here, as people write it; dropout does so only in training mode, and is left alone."""
    path = scene.source.path_of(call.func)
    if path is not None:
        rows = by_function.get(path, ())
        does = path.endswith("_") or _asks_in_place(call)
        return shown(path) if rows and rows[0].family == "activation" and does else None
    name = model.self_attribute(call.func)
    built = scene.layer(model, name)
    kind = scene.layer_class(model, call.func)
    if built is None or kind not in by_module or by_module[kind].family != "activation" or not _asks_in_place(built):
        return None
    return f"self.{name} = {shown(kind)}(inplace=True)"


def _copies(before: list[ast.stmt], name: str) -> set[str]:
    """Names given the same tensor before: `identity = x`, with neither of them bound anew since."""
    found: set[str] = set()
    for statement in before:
        stored = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
        if name in stored:
            found.clear()
        found -= stored
        match statement:
            case ast.Assign(targets=[ast.Name(id=other)], value=ast.Name(id=same)) if same == name:
                found.add(other)
            case _:
                pass
    return found


def _next_reader(later: list[ast.stmt], name: str) -> ast.stmt | None:
    """The first statement that reads a name's value, unless it is bound anew before; `x.size()` reads no values."""
    for statement in later:
        names = [node for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id == name]
        reads = [node for node in names if isinstance(node.ctx, ast.Load)]
        if reads:
            only_shape = {"size", "shape", "dim", "device", "dtype", "ndim"}
            outer = [n for n in ast.walk(statement) if isinstance(n, ast.Attribute) and n.value in reads]
            if len(outer) < len(reads) or any(node.attr not in only_shape for node in outer):
                return statement
        if names and len(reads) < len(names):
            return None
    return None


def _saving_function(scene: Scene, model: Model, call: ast.Call) -> str | None:
    """The activation of a call whose argument is known to have a gradient, if its backward needs its result."""
    path = scene.source.path_of(call.func) or scene.layer_class(model, call.func)
    plain = path.rpartition(".")[2] in _SAVES_OUTPUT and path in by_function
    if not (plain or path in _SAVING_LAYERS) or not call.args:
        return None
    return shown(path) if any(_trains(scene, model, node) for node in ast.walk(call.args[0])) else None


def _trains(scene: Scene, model: Model, node: ast.AST) -> bool:
    """A call of a layer of this class that has parameters."""
    if not isinstance(node, ast.Call):
        return False
    path = scene.layer_class(model, node.func)
    return path in by_module and any(slot.kind == "parameter" for slot in by_module[path].slots)
