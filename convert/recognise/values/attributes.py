"""What is known of `self.x`, from all that the class gives it: a layer of torch, a list of such, a tensor."""

from __future__ import annotations

import ast
from collections.abc import Callable as Function
from collections.abc import Iterator

from ...source import Source
from ..model import Attribute, Definition, Model
from ..value import Array, Callable, Value, joined

_LIST = "torch.nn.ModuleList"
_GROWTH = frozenset({"append", "extend", "insert", "add_module", "register_module", "pop", "__setitem__"})
_WRAPPERS = frozenset({"torch.nn.utils.weight_norm", "torch.nn.utils.spectral_norm"})
_TENSORS = frozenset({"torch.nn.Parameter", "torch.nn.Buffer"})

Read = Function[[ast.expr], Value | None]


def attribute_value(model: Model, name: str, read: Read) -> Value | None:
    """What `self.name` is, whichever of its definitions has run; `read` reads an expression where no name is known."""
    attribute = model.attribute(name)
    owners = [one.attribute(name) for one in model.family]
    if name in model.methods or any(one.odd or one.named for one in owners):
        return None
    definitions = [definition for one in owners for definition in one.definitions]
    if not definitions or any(one is not attribute and one.definitions and attribute.definitions for one in owners):
        return None
    return joined([value for one in definitions for value in _values(model.source, attribute, one, read)])


def _values(source: Source, attribute: Attribute, definition: Definition, read: Read) -> Iterator[Value | None]:
    """What a definition may give, None of Python apart: whoever uses that fails in either style."""
    if definition.form in {"register_parameter", "register_buffer"}:
        if definition.value is not None and not _is_none(definition.value):
            yield _tensor(read(definition.value))
        return
    for node in _leaves(definition.value):
        if _is_none(node):
            continue
        path = source.path_of(node.func) if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and path in _TENSORS:
            yield _tensor(read(node))
        elif isinstance(node, ast.Call) and path in _WRAPPERS and node.args:
            yield built(source, node.args[0])
        elif path == _LIST and isinstance(node, ast.Call):
            yield _listed(source, node, attribute)
        elif path == "torch.nn.Sequential" and _changes(source, attribute):
            yield None
        else:
            yield built(source, node)


def _leaves(node: ast.expr | None) -> list[ast.expr]:
    if isinstance(node, ast.IfExp):
        return [*_leaves(node.body), *_leaves(node.orelse)]
    return [] if node is None else [node]


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _tensor(value: Value | None) -> Value | None:
    return value if isinstance(value, Array) and value.tensor else None


def built(source: Source, node: ast.expr) -> Callable | None:
    """A constructor of a layer of torch."""
    path = source.path_of(node.func) if isinstance(node, ast.Call) else None
    parent, _, name = (path or "").rpartition(".")
    return Callable((node,)) if parent == "torch.nn" and name[0].isupper() and path not in _TENSORS else None


def _listed(source: Source, node: ast.Call, attribute: Attribute) -> Callable | None:
    """The layers of an nn.ModuleList, with those that are appended later."""
    match node.args:
        case []:
            elements: list[ast.expr] = []
        case [ast.List(elts=elts) | ast.Tuple(elts=elts)]:
            elements = list(elts)
        case [ast.ListComp(elt=elt) | ast.GeneratorExp(elt=elt)]:
            elements = [elt]
        case _:
            return None
    for use in attribute.uses:
        around = source.parent(use)
        if not isinstance(around, ast.Attribute) or around.attr not in _GROWTH:
            if isinstance(around, ast.Subscript) and not isinstance(around.ctx, ast.Load):
                return None
            continue
        call = source.parent(around)
        if around.attr != "append" or not isinstance(call, ast.Call) or len(call.args) != 1:
            return None
        elements += call.args
    found = [layer for element in elements for leaf in _leaves(element) for layer in [built(source, leaf)]]
    if any(layer is None for layer in found):
        return None
    return Callable(tuple(node for layer in found if layer is not None for node in layer.built), listed=True)


def _changes(source: Source, attribute: Attribute) -> bool:
    """Whether a Sequential gets other layers after it was made."""
    for use in attribute.uses:
        around = source.parent(use)
        if isinstance(around, ast.Attribute) and around.attr in _GROWTH:
            return True
        if isinstance(around, ast.Subscript) and not isinstance(around.ctx, ast.Load):
            return True
        if not isinstance(around, (ast.Call, ast.Attribute, ast.Subscript)):
            return True
    return False
