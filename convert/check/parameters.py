"""Parameters that do not take part: read through `.data`, never read, or never given a value."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..diagnostics import Diagnostic
from ..ops import by_function
from ..recognise.calls import shown
from ..recognise.creation import parameter_creation
from ..recognise.model import Attribute, Model
from .scene import Scene

_FILLERS = ("init", "reset", "load", "from_pretrained", "apply", "parameters", "named_parameters", "state_dict")
_TORCH_ONLY = {"forward", "__init__", "__repr__", "extra_repr"}


def find_data_in_forward(scene: Scene) -> Iterator[Diagnostic]:
    """`F.linear(x, self.weight.data)` in forward: no gradient reaches the weight."""
    for model, forward in scene.forwards():
        inside = set(ast.walk(forward))
        for attribute in model.attributes.values():
            if not _is_trained_parameter(scene, attribute):
                continue
            for use in attribute.uses:
                data = scene.source.parent(use)
                if data in inside and isinstance(data, ast.Attribute) and data.attr == "data" and _feeds(scene, data):
                    yield scene.find("NF316", data, name=attribute.name)


def find_idle_parameters(scene: Scene) -> Iterator[Diagnostic]:
    """A parameter whose name occurs nowhere else in the file, in a class that computes."""
    for model in scene.models:
        if "forward" not in model.methods or model.computed or model.bare_self or model.node.decorator_list:
            continue
        for attribute in model.attributes.values():
            made = _parameter(scene, attribute)
            if made is None or attribute.uses or attribute.named or _is_marker(scene, attribute, made):
                continue
            if _is_reached_otherwise(scene, model, attribute.name):
                continue
            yield scene.find("NF317", attribute.definitions[0].statement, name=attribute.name)


def find_unfilled_parameters(scene: Scene) -> Iterator[Diagnostic]:
    """`nn.Parameter(torch.empty(3, 4))`, where nothing in the file could fill it."""
    for model in scene.models:
        if model.computed or model.bare_self or set(model.methods) - _TORCH_ONLY or _may_be_filled(scene):
            continue
        for attribute in model.attributes.values():
            made = parameter_creation(scene.source, attribute.definitions[0]) if _is_plain(attribute) else None
            if made is None or made.made_by != "empty" or made.value is None or "0" in made.axes:
                continue
            if not attribute.uses or any(_could_fill(scene, use) for use in attribute.uses):
                continue
            maker = scene.source.path_of(made.value.func) if isinstance(made.value, ast.Call) else None
            yield scene.find("NF319", made.value, name=attribute.name, function=shown(maker or "torch.empty"))


def _is_plain(attribute: Attribute) -> bool:
    return len(attribute.definitions) == 1 and not attribute.odd and not attribute.named


def _parameter(scene: Scene, attribute: Attribute) -> ast.Call | None:
    """The `nn.Parameter(…)` that an attribute is given once."""
    value = attribute.definitions[0].value if _is_plain(attribute) else None
    if isinstance(value, ast.Call) and scene.source.path_of(value.func) == "torch.nn.Parameter":
        return value
    return None


def _is_trained_parameter(scene: Scene, attribute: Attribute) -> bool:
    made = _parameter(scene, attribute)
    return made is not None and _is_always_trained(made)


def _is_always_trained(made: ast.Call) -> bool:
    return len(made.args) == 1 and not made.keywords


def _feeds(scene: Scene, data: ast.Attribute) -> bool:
    """Whether `.data` goes into a torch function or arithmetic whose result is no update of `.data` itself."""
    source = scene.source
    around = source.parent(data)
    if not isinstance(data.ctx, ast.Load) or scene.is_without_gradient(data):
        return False
    if isinstance(around, ast.Call) and data in around.args:
        return source.path_of(around.func) in by_function
    statement = source.statement(data)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    plain = bool(targets) and all(isinstance(target, ast.Name) for target in targets)
    return isinstance(around, ast.BinOp) and (plain or isinstance(statement, ast.Return))


def _is_marker(scene: Scene, attribute: Attribute, made: ast.Call) -> bool:
    """A parameter without elements or called dummy is there to know the device, or to please data-parallel runs."""
    text = attribute.name.lower()
    created = parameter_creation(scene.source, attribute.definitions[0])
    return any(word in text for word in ("dummy", "device", "unused", "placeholder", "empty")) or (
        created is not None and (not created.axes or "0" in created.axes)
    )


def _is_reached_otherwise(scene: Scene, model: Model, name: str) -> bool:
    """Another class or function of the file that has the name on its tongue, or a class derived from this one."""
    others = [node for node in scene.source.every(ast.Attribute) if node.attr == name and node not in model.own_nodes]
    strings = [node for node in scene.source.every(ast.Constant) if isinstance(node.value, str) and name in node.value]
    derived = [
        node
        for node in scene.source.every(ast.ClassDef)
        if any(isinstance(base, ast.Name) and base.id == model.name for base in node.bases)
    ]
    registered = {
        definition.call.args[0]
        for definition in model.attribute(name).definitions
        if definition.call is not None and definition.call.args
    }
    return bool(others or derived or [node for node in strings if node not in registered])


def _may_be_filled(scene: Scene) -> bool:
    """A word in the file that speaks of initialising, loading or walking over parameters.

    `nn.init.zeros_(self.weight)` fills what it names, and `Adam(net.parameters())` fills nothing: neither counts here.
    """
    plain = {"__init__"}
    nodes: list[ast.AST] = [*scene.source.every(ast.Attribute), *scene.source.every(ast.Name)]
    nodes += [*scene.source.every(ast.FunctionDef), *scene.source.every(ast.alias)]
    for node in nodes:
        word = getattr(node, "attr", "") or getattr(node, "id", "") or getattr(node, "name", "")
        if word not in plain and any(filler in word.lower() for filler in _FILLERS) and not _is_harmless(scene, node):
            return True
    return False


def _is_harmless(scene: Scene, node: ast.AST) -> bool:
    source = scene.source
    call = source.parent(node)
    if isinstance(call, ast.Attribute):  # nn.init in nn.init.zeros_
        call = source.parent(call)
    if not isinstance(call, ast.Call):
        return False
    if (source.path_of(call.func) or "").startswith("torch.nn.init."):
        return bool(call.args) and any(call.args[0] in model.own_nodes for model in scene.models)
    user = source.parent(call)
    return isinstance(user, ast.Call) and (source.path_of(user.func) or "").startswith("torch.optim.")


def _could_fill(scene: Scene, use: ast.Attribute) -> bool:
    """Any use that is no plain argument of a torch function or arithmetic."""
    around = scene.source.parent(use)
    if isinstance(around, ast.Call):
        path = scene.source.path_of(around.func)
        return path not in by_function and path not in {"torch.matmul", "torch.mm", "torch.einsum"}
    return not isinstance(around, ast.BinOp)
