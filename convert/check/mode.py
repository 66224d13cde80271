"""Calls that do not follow train() and eval(): dropout that is always on, batch norm with one mode baked in."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..diagnostics import Diagnostic
from ..recognise.calls import FunctionCall
from ..recognise.model import Model
from .scene import Scene

_ATTENTION = "torch.nn.functional.scaled_dot_product_attention"
_DROPOUT_P = 4
_WHOLE_ATTENTION = "multi_head_attention_forward"


def find_fixed_mode(scene: Scene) -> Iterator[Diagnostic]:
    """Dropout left on, that of F.multi_head_attention_forward too, and F.batch_norm in one mode for good."""
    for call in scene.calls:
        pair = call.pairs[0]
        if pair.mode is None or call.fault or scene.model_of(call.node) is None:
            continue
        node = call.args.get(pair.mode)
        given = f"{pair.mode}={scene.source.says(node)}" if node is not None else f"{pair.mode} left out"
        if pair.family == "dropout" or pair.function == _WHOLE_ATTENTION:
            on = pair.mode_default == "True" if node is None else _is_constant(node, True)
            if on and scene.is_unguarded(call.node) and not _is_constant(call.args.get(_rate(pair.function)), 0):
                yield scene.find("NF301", call.node, function=call.written, given=given)
        elif pair.function == "batch_norm" and _is_fixed(scene, call, node):
            yield scene.find("NF302", call.node, function=call.written, given=given)


def find_ungated_attention(scene: Scene) -> Iterator[Diagnostic]:
    """F.scaled_dot_product_attention whose dropout_p is a number, or an attribute of the model that is one."""
    for call in scene.source.every(ast.Call):
        if scene.source.path_of(call.func) != _ATTENTION or not scene.is_unguarded(call):
            continue
        model = scene.model_of(call)
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        plain = len(call.args) > _DROPOUT_P and not any(isinstance(each, ast.Starred) for each in call.args)
        given = named.get("dropout_p") or (call.args[_DROPOUT_P] if plain else None)
        if model is not None and given is not None and _is_rate(model, given):
            yield scene.find("NF309", call, given=scene.source.says(given))


def _is_rate(model: Model, node: ast.expr) -> bool:
    """A number that is not zero, or `self.dropout` where __init__ gives it an argument or such a number, once."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float) and node.value > 0
    attribute = model.attribute(model.self_attribute(node) or "")
    if attribute.odd or len(attribute.definitions) != 1 or attribute.definitions[0].method is not model.init:
        return False
    value = attribute.definitions[0].value
    return isinstance(value, ast.Name) or (isinstance(value, ast.Constant) and _is_rate(model, value))


def _rate(function: str) -> str:
    """The argument that says how much is dropped."""
    return "dropout_p" if function == _WHOLE_ATTENTION else "p"


def _is_fixed(scene: Scene, call: FunctionCall, node: ast.expr | None) -> bool:
    """A constant mode with running statistics of the model's own; without any, it is the only way to call it.

    A layer whose weight is a buffer too is frozen on purpose.
    """
    model = scene.model_of(call.node)
    if model is None or not scene.is_unguarded(call.node) or _is_buffer(model, call.args.get("weight")):
        return False
    statistics = call.args.get("running_mean")
    if statistics is None or model.self_attribute(statistics) is None:
        return False
    return node is None or isinstance(node, ast.Constant)


def _is_buffer(model: Model, node: ast.expr | None) -> bool:
    """`self.weight` where it is a registered buffer."""
    name = model.self_attribute(node) if node is not None else None
    return name is not None and any(d.form == "register_buffer" for d in model.attribute(name).definitions)


def _is_constant(node: ast.expr | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value == value and type(node.value) in {type(value), float}
