"""Layers and parameters that nn.Module does not know of: kept in plain lists and dicts."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..diagnostics import Diagnostic
from ..recognise.model import Attribute, Model
from .scene import Scene

_GROWS = {"append", "extend", "insert"}
_TAKING = (ast.Starred, ast.keyword, ast.Assign, ast.Return, ast.BinOp, ast.For, ast.comprehension)
"""What takes a list away to where its elements may be registered."""


def find_plain_containers(scene: Scene) -> Iterator[Diagnostic]:
    """`self.layers = [nn.Linear(3, 4), …]`, built at once or by append, that nobody hands on to be registered."""
    for model in scene.models:
        for attribute in model.attributes.values():
            if len(attribute.definitions) != 1 or attribute.odd or attribute.definitions[0].form != "assign":
                continue
            container = attribute.definitions[0].value
            kind = _kind(container)
            if container is None or kind is None or _is_handed_on(scene, model, attribute):
                continue
            held = [*_elements(container), *_appended(scene, attribute)]
            name, shape = attribute.name, "Dict" if kind == "dict" else "List"
            if any(scene.holds_state(each) for each in held):
                yield scene.find("NF310", container, name=name, kind=kind, cure=f"Module{shape}")
            elif any(_is_parameter(scene, each) for each in held):
                yield scene.find("NF311", container, name=name, kind=kind, cure=f"Parameter{shape}")


def _kind(container: ast.expr | None) -> str | None:
    match container:
        case ast.List() | ast.ListComp():
            return "list"
        case ast.Tuple():
            return "tuple"
        case ast.Dict() | ast.DictComp():
            return "dict"
        case _:
            return None


def _elements(container: ast.expr) -> list[ast.expr]:
    match container:
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return elements
        case ast.ListComp(elt=element) | ast.DictComp(value=element):
            return [element]
        case ast.Dict(values=values):
            return values
        case _:
            return []


def _appended(scene: Scene, attribute: Attribute) -> Iterator[ast.expr]:
    """What `self.layers.append(…)` and `self.layers["a"] = …` put in."""
    for use in attribute.uses:
        around = scene.source.parent(use)
        call = scene.source.parent(around) if around is not None else None
        if isinstance(around, ast.Attribute) and around.attr in _GROWS and isinstance(call, ast.Call) and call.args:
            last = call.args[-1]
            yield from last.elts if isinstance(last, (ast.List, ast.Tuple)) else [last]
        elif isinstance(around, ast.Subscript) and isinstance(call, ast.Assign) and around in call.targets:
            yield call.value


def _is_handed_on(scene: Scene, model: Model, attribute: Attribute) -> bool:
    """`nn.Sequential(*self.layers)`, `for layer in self.layers: self.add_module(…)`: registered in another way."""
    if model.computed or model.bare_self or model.methods.keys() & {"parameters", "named_parameters", "_apply"}:
        return True
    for method in ("add_module", "register_module", "register_parameter"):
        if model.attribute(method).uses:
            return True
    for use in attribute.uses:
        around, method_around = scene.source.parent(use), model.method_of(use)
        if method_around is not None and method_around.name == "forward":
            continue
        if isinstance(around, _TAKING):
            return True
        if isinstance(around, ast.Subscript) and isinstance(around.ctx, ast.Load):
            return True
        if isinstance(around, ast.Attribute) and around.attr not in _GROWS:
            return True
        if isinstance(around, ast.Call) and use in around.args:
            match around.func:
                case ast.Name(id="len" | "range"):
                    pass
                case _:
                    return True
    return False


def _is_parameter(scene: Scene, node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and scene.source.path_of(node.func) == "torch.nn.Parameter"
