"""The state map of one model: every parameter and buffer of the class, moved or not."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace

from .calls import BindError, bind
from .ops import Slot
from .ops.recurrent import RECURRENT
from .outcome import StateMove
from .plan.plan import Plan
from .recognise.calls import Construction, construction
from .recognise.containers import is_sequential
from .recognise.model import Definition, Model

_GROW = {"add_module", "append", "extend", "insert", "register_module", "update", "__setitem__"}


def state_map(plan: Plan) -> dict[str, StateMove]:
    """Old key → where it went, in the order of definition; `child.*` where a child decides its own keys."""
    found: dict[str, StateMove] = {}
    for attribute in plan.model.attributes.values():
        for definition in attribute.definitions:
            for key in _keys(plan.model, attribute.name, definition):
                found.setdefault(key, plan.moves.get(key, StateMove(key)))
        for place in attribute.named:
            match place:
                case ast.Call(func=ast.Name(id="setattr"), args=[_, _, value]):
                    found.update({key: StateMove(key) for key in _value_keys(plan.model, attribute.name, value)})
    written_out = {key.partition(".")[0] for key in plan.moves}
    whole = {f"{name}.*" for name in written_out} - plan.moves.keys()
    guests = tuple(key.removesuffix("*") for key in plan.moves if key.endswith(".*"))
    moves = {key: move for key, move in found.items() if key not in whole and not key.startswith(guests)} | plan.moves
    return {_spelled(plan.model, old): replace(move, key=_spelled(plan.model, move.key)) for old, move in moves.items()}


def _spelled(model: Model, key: str) -> str:
    """A key as the state has it: an attribute `__w` of class Net is `_Net__w` there."""
    head, dot, rest = key.partition(".")
    private = head.startswith("__") and not head.endswith("__")
    if private and all(definition.form == "assign" for definition in model.attribute(head).definitions):
        return f"_{model.name.lstrip('_')}{head}{dot}{rest}"
    return key


def with_bases(model: Model, own: Mapping[Model, Mapping[str, StateMove]]) -> dict[str, StateMove]:
    """A model's map with those of the classes that it derives from. `own` are the file's models, each with its map."""
    found: dict[str, StateMove] = {}
    for each in (*reversed(model.bases), model):
        found |= own.get(each, {})
    return found


def with_children(model: Model, own: Sequence[tuple[Model, Mapping[str, StateMove]]]) -> dict[str, StateMove]:
    """A model's map with `child.*` written out where the child's class stands in the same file.

    `own` are the file's models, each with its own map.
    """
    names = [each.name for each, _ in own]
    known = {each.name: (each, moves) for each, moves in own if names.count(each.name) == 1}
    moves = next(moves for each, moves in own if each is model)
    return _expanded(model, moves, known, (model.name,))


def _expanded(
    model: Model,
    own: Mapping[str, StateMove],
    known: Mapping[str, tuple[Model, Mapping[str, StateMove]]],
    inside: tuple[str, ...],
) -> dict[str, StateMove]:
    found: dict[str, StateMove] = {}
    for key, move in own.items():
        child = _child_class(model, key.removesuffix(".*")) if key.endswith(".*") else None
        if child is None or child not in known or child in inside:
            found[key] = move
            continue
        for rest, inner in _expanded(*known[child], known, (*inside, child)).items():
            found[key[:-1] + rest] = StateMove(move.key[:-1] + inner.key, inner.transform)
    return found


def _child_class(model: Model, name: str) -> str | None:
    """The class of this file that an attribute is an instance of, where it can be nothing else."""
    attributes = [each.attribute(name) for each in (model, *model.bases)]
    match [definition.value for attribute in attributes for definition in attribute.definitions]:
        case [ast.Call(func=ast.Name(id=child) as called)] if not any(attribute.odd for attribute in attributes):
            classes = [node for node in model.source.every(ast.ClassDef) if node.name == child]
            bound = model.source.scopes.root.bindings.get(child, set())
            alone = len(classes) == 1 and classes[0] in model.source.tree.body and len(bound) == 1
            return child if alone and model.source.scopes.scope_binding(called) is model.source.scopes.root else None
        case _:
            return None


def _keys(model: Model, name: str, definition: Definition) -> list[str]:
    """The state_dict keys that a definition brings."""
    value = definition.value
    if isinstance(value, ast.IfExp):
        return [key for part in (value.body, value.orelse) for key in _value_keys(model, name, part)]
    if definition.form in {"register_parameter", "register_buffer"}:
        empty = value is None or (isinstance(value, ast.Constant) and value.value is None)
        return [] if empty or _is_transient(definition) else [name]
    if _grows(model, name):
        return [f"{name}.*"]
    origin = _origin(model, definition)
    if _is_slot(model, origin):
        return [name]  # the tensor of a layer under another name
    if isinstance(origin, ast.Name) and _is_called(model, name):
        return [f"{name}.*"]  # a module that the class was handed
    return _value_keys(model, name, origin)


def _origin(model: Model, definition: Definition) -> ast.expr | None:
    """What an attribute is given, also through another attribute or a local: `self.w2 = self.w`."""
    value = definition.value
    if isinstance(value, ast.Name):
        stores = [node for node in model.source.walk(definition.method.node) if _stores(node, value.id)]
        parent = model.source.parent(stores[0]) if len(stores) == 1 else None
        return parent.value if isinstance(parent, ast.Assign) else value
    other = model.self_attribute(value) if value is not None else None
    definitions = model.attribute(other).definitions if other else []
    if len(definitions) != 1 or definitions[0].form == "register_buffer" or definitions[0] is definition:
        return value
    return definitions[0].value


def _is_slot(model: Model, value: ast.expr | None) -> bool:
    """`self.linear.weight` where linear is a layer that owns one."""
    keys: list[str] = []
    while isinstance(value, ast.Attribute) and (not keys or model.self_attribute(value) is None):
        keys.insert(0, value.attr)
        value = value.value
    layer = model.self_attribute(value) if value is not None else None
    definitions = model.attribute(layer).definitions if layer else []
    built = construction(model, definitions[0].value) if len(definitions) == 1 else None
    return built is not None and any(
        slot.key == ".".join(keys) and slot.kind == "parameter" for slot in built.pair.slots
    )


def _grows(model: Model, name: str) -> bool:
    """`self.net.add_module(…)`, `self.layers.append(…)`: what it holds is not what its definition says."""
    parents = [model.source.parent(use) for use in model.attribute(name).uses]
    return any(isinstance(parent, ast.Attribute) and parent.attr in _GROW for parent in parents)


def _is_called(model: Model, name: str) -> bool:
    parents = [(use, model.source.parent(use)) for use in model.attribute(name).uses]
    return any(isinstance(parent, ast.Call) and parent.func is use for use, parent in parents)


def _stores(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)


def _is_transient(definition: Definition) -> bool:
    """`register_buffer(…, persistent=False)` is no part of the state."""
    call = definition.call
    assert call is not None
    given = [*call.args[2:], *(k.value for k in call.keywords if k.arg == "persistent")]
    return any(isinstance(node, ast.Constant) and node.value is False for node in given)


def _value_keys(model: Model, name: str, value: ast.expr | None) -> list[str]:
    if not isinstance(value, ast.Call):
        return []
    path = model.source.path_of(value.func)
    if path in {"torch.nn.Parameter", "torch.nn.Buffer"}:
        return [name]
    if is_sequential(model.source, value):
        children = [_value_keys(model, f"{name}.{index}", child) for index, child in enumerate(value.args)]
        plain = all(construction(model, c) is not None or is_sequential(model.source, c) for c in value.args)
        return [key for keys in children for key in keys] if plain else [f"{name}.*"]
    built = construction(model, value)
    if built is None and (keys := _recurrent_keys(model, value)) is not None:
        return [f"{name}.{key}" for key in keys]
    if built is None:
        return [f"{name}.*"] if _may_hold_state(model, value) else []
    return [f"{name}.{slot.key}" for slot in built.pair.slots if _has(model, built, slot)]


def _recurrent_keys(model: Model, value: ast.Call) -> tuple[str, ...] | None:
    """The tensors of a recurrent layer, where the text tells which it has."""
    row = RECURRENT.get(model.source.path_of(value.func) or "")
    try:
        bound = bind(row.signature, value) if row is not None else None
    except BindError:
        return None
    if row is None or bound is None or bound.missing:
        return None
    defaults = {one.name: ast.literal_eval(one.default) for one in row.signature.params if one.default is not None}
    given = {key: node.value if isinstance(node, ast.Constant) else None for key, node in bound.args.items()}
    return row.keys(defaults | given)


def _has(model: Model, built: Construction, slot: Slot) -> bool:
    """Whether a layer may have a tensor, by what its constructor is given."""
    args, signature = built.args, built.pair.module_signature
    if slot.given:
        given = args.get(slot.name)
        return given is not None and not (isinstance(given, ast.Constant) and given.value is None)
    flags = (model.source.says(args[flag]) if flag in args else signature.default(flag) for flag in slot.when)
    if "False" in flags:
        return False
    packing = built.pair.packing
    return packing is None or not packing.lacks(slot.name, {key: model.source.says(node) for key, node in args.items()})


def _may_hold_state(model: Model, value: ast.Call) -> bool:
    """A call that may make a module: a class of this file or of torch.nn, or anything that is not clearly a number."""
    path = model.source.path_of(value.func)
    if path is None:
        builtin = isinstance(value.func, ast.Name) and value.func.id in {"int", "float", "len", "list", "dict", "tuple"}
        return not builtin
    return path.startswith("torch.nn.")
