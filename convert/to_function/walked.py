"""Tells the file's walkers of layers that have become parameters: one more branch, for the class that owns them.

`elif isinstance(m, Net): init.normal_(m.fc_weight, std=0.01)` does what the walk did to the layer, at the same point of
the random stream: a walk meets a class either just before or just after the layers that it holds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from ..plan.edits import Line, line
from ..plan.guards import Guards
from ..plan.plan import Kept, Plan
from ..recognise.class_names import name_part
from ..recognise.effects import CannotTell, Effect, Held, effect_of
from ..recognise.functions import mentions
from ..recognise.kinds import tested_kinds
from ..recognise.model import Model
from ..recognise.silent import Silent
from ..recognise.walkers import Walk
from ..rewrite import shares_line
from .asked import answer
from .form import Form
from .initialise import Planned
from .order import arms_of, forms_of, out_of_order


class Untold(Exception):
    """A walk cannot be told of some layers: attribute → the reason to keep it."""

    def __init__(self, reasons: Mapping[str, Kept]) -> None:
        super().__init__(sorted(reasons))
        self.reasons = reasons


def tell_walkers(plan: Plan, guards: Guards, planned: Sequence[Planned]) -> None:
    """Add the branches that a plan's layers need. Raises Untold."""
    model = plan.model
    classes = [one.node for one in model.family]
    silent = Silent(model.source, guards.surroundings.models)
    told: dict[ast.stmt, list[Line]] = {}  # one function may be applied at several places
    for walk in (one for one in guards.surroundings.walkers.walks if one.meets(classes)):
        try:
            lines = list(_lines(model, walk, silent, planned))
            if lines and told.get(walk.body[-1], lines) != lines:
                raise _CannotTellOf(
                    _touched(walk, planned)
                )  # it meets the class before its layers here, after them there
        except _CannotTellOf as those:
            raise Untold({name: _reason(model, walk, planned, name) for name in those.names}) from None
        if lines and walk.body[-1] not in told:
            last = walk.body[-1]
            told[last] = lines
            word = "elif" if len(walk.body) == 1 and _is_one_chain(model, walk) else "if"
            head = line(f"{word} isinstance({walk.name}, {model.name}):")
            plan.edits.insert(last, head, *lines, after=True)


class _CannotTellOf(Exception):
    """The attributes whose layers a walk cannot be told of."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self.names = frozenset(names)


def _is_one_chain(model: Model, walk: Walk) -> bool:
    """Whether every branch asks what the module is: then one more ends it."""
    branch: ast.stmt | None = walk.body[0]
    while isinstance(branch, ast.If):
        if tested_kinds(model.source, walk.name, branch.test) is None and not mentions(branch.test, walk.name):
            return False
        branch = branch.orelse[0] if branch.orelse else None
    return True


def _reason(model: Model, walk: Walk, planned: Sequence[Planned], name: str) -> Kept:
    ours = [one for one in planned if one.name == name]
    kind = next(form.pair.module for form in forms_of(ours) if walk.sees(form.pair.module_path))
    call = model.source.parent(walk.node)
    text = " ".join(model.source.says(call if isinstance(call, ast.Call) else walk.node).split())[:60]
    return Kept("NF212", text=text, other=walk.node.lineno, module=f"nn.{kind}")  # type: ignore[attr-defined]


def _lines(model: Model, walk: Walk, silent: Silent, planned: Sequence[Planned]) -> Iterator[Line]:
    """What the walk does to all layers of a class, in the order in which it met them. Raises _CannotTellOf."""
    names = _touched(walk, planned)
    touched = [one for one in planned if one.name in names and _is_touched(walk, one)]
    if not touched:
        return
    if not walk.chain:
        raise _CannotTellOf(names)
    in_order = sorted(touched, key=lambda one: (_first_line(model, one.name), one.statement.lineno))
    every = {one.name: [other for other in planned if other.name == one.name] for one in touched}
    effects = dict(_each_effect(model, walk, {one.name: every[one.name] for one, _ in _by_name(in_order)}))
    if not any(effects.values()):
        return
    concerned = [name for name, found in effects.items() if found]
    if len(model.family) > 1:
        raise _CannotTellOf(concerned)  # a derived class is an instance too, and is met at the time of its own layers
    if walk.owner == "never" or not _is_plain(model, walk):
        raise _CannotTellOf(concerned)
    if early := _made_later(model, walk, touched) & set(concerned):
        raise _CannotTellOf(early)
    drawing = [name for name, found in effects.items() if any(effect.draws for _, effect in found)]
    if late := out_of_order(model, walk, silent, planned, drawing):
        raise _CannotTellOf(late)
    for found in effects.values():
        for test, effect in found:
            if test:
                yield line(f"if {test}:", depth=1)
            for depth, text in effect.lines:
                yield line(text, depth=depth + (2 if test else 1))


def _touched(walk: Walk, planned: Sequence[Planned]) -> set[str]:
    return {one.name for one in planned if _is_touched(walk, one)}


def _is_touched(walk: Walk, one: Planned) -> bool:
    return any(walk.sees(form.pair.module_path) for form in forms_of([one]))


def _each_effect(
    model: Model, walk: Walk, planned: Mapping[str, Sequence[Planned]]
) -> Iterator[tuple[str, list[tuple[str, Effect]]]]:
    """What the walk does to the layers of each attribute. Raises _CannotTellOf, with all of which it cannot be told."""
    unclear: list[str] = []
    for name, same in planned.items():
        try:
            yield name, list(_effects(model, walk, same))
        except CannotTell:
            unclear.append(name)
    if unclear:
        raise _CannotTellOf(unclear)


def _by_name(planned: Sequence[Planned]) -> Iterator[tuple[Planned, Iterator[Planned]]]:
    for _, same in groupby(planned, key=lambda one: one.name):
        together = list(same)
        yield together[0], iter(together)


def _effects(model: Model, walk: Walk, planned: Sequence[Planned]) -> Iterator[tuple[str, Effect]]:
    """For one attribute: the test under which its layers exist, and what is done to each."""
    arms = [arm for one in planned for arm in arms_of(one)]
    with_effect = 0
    for arm in arms:
        found = [effect_of(model.source, walk, met) for form in arm.forms for met in _met(form, walk)]
        lines = tuple(row for effect in found for row in effect.lines)
        with_effect += bool(lines)
        if with_effect > 1:
            raise CannotTell
        if lines:
            yield _existence(model, walk, arm, arms), Effect(lines, any(effect.draws for effect in found))


def _existence(model: Model, walk: Walk, arm: Planned, arms: Sequence[Planned]) -> str:
    """The test that the arm's layers exist; empty where they always do."""
    assert model.init is not None
    if len(arms) == 1 and arm.statement in model.init.node.body:
        return ""
    tensors = [tensor for form in arm.forms for tensor in form.tensors if tensor.when is None]
    if not tensors:
        raise CannotTell
    attribute = tensors[0].attribute
    if len(arms) == 1:
        return f"hasattr({walk.name}, '{attribute.partition('.')[0]}')"
    empty = [other for other in arms if other is not arm]
    if all(line(f"{other.self_name}.{attribute} = None") in other.also for other in empty):
        return f"{walk.name}.{attribute} is not None"
    raise CannotTell


def _met(form: Form, walk: Walk) -> list[Held]:
    """The layer and the modules inside it, in the order in which the walk meets them."""
    inside = [_held(form, kind, f"{name}.") for name, kind in form.pair.inner.items()]
    own = _held(form, form.pair.module_path)
    return [*inside, own] if walk.owner == "last" else [own, *inside]


def _held(form: Form, kind: str, inside: str = "") -> Held:
    """The tensors of the layer, or of a module inside it, by their names there."""
    tensors = {slot.key: "" for slot in form.pair.slots} | {one.slot.key: one.attribute for one in form.tensors}
    ours = {key.removeprefix(inside): name for key, name in tensors.items() if key.startswith(inside)}
    maybe = {one.slot.key.removeprefix(inside) for one in form.tensors if one.when is not None}
    names = () if inside else form.pair.module_signature.names
    answers = {name: text for name in names if (text := answer(form, name)) is not None}
    return Held(kind, ours, frozenset(maybe & ours.keys()), answers)


def _is_plain(model: Model, walk: Walk) -> bool:
    """Whether the class can be named at the walk, and the walk's last statement takes another branch."""
    source, last = model.source, walk.body[-1]
    alone = [node for node in source.every(ast.ClassDef) if node.name == model.name] == [model.node]
    stores = [node for node in source.every(ast.Name) if node.id == model.name and not isinstance(node.ctx, ast.Load)]
    tested = any(isinstance(node, ast.Name) and node.id == model.name for part in walk.body for node in ast.walk(part))
    tests = [node for part in walk.body for node in ast.walk(part) if isinstance(node, ast.Compare)]
    parts = [name_part(source, walk.name, test) for test in tests]
    tested = tested or any(part is not None and part in model.name for part in parts)
    tested = tested or any(model.attributes.keys() & {name} or name in model.class_names for name in _asked(walk))
    named = alone and not stores and not tested and model.node in source.tree.body
    scope = source.scopes.scope_of(last)
    while scope.parent is not None:
        named = named and model.name not in scope.bindings
        scope = scope.parent
    chain: ast.stmt = last
    while isinstance(chain, ast.If) and chain.orelse:
        chain = chain.orelse[0]
    return named and isinstance(chain, ast.If) and not shares_line(source, last)


def _asked(walk: Walk) -> Iterator[str]:
    """Attributes by which the walk tells modules apart: `hasattr(m, "weight")`."""
    for node in (node for part in walk.body for node in ast.walk(part)):
        match node:
            case ast.Call(func=ast.Name(id="hasattr"), args=[_, ast.Constant(value=str(name))]):
                yield name


def _made_later(model: Model, walk: Walk, planned: Sequence[Planned]) -> set[str]:
    """The layers that __init__ may make after it has walked, itself or through its methods."""
    home, init = model.method_of(walk.node), model.init
    if init is None:
        return set()
    begun: list[ast.AST] = [walk.node] if home is not None else list(_handed_on(model))
    homes = [(node, method) for node in begun if (method := model.method_of(node)) is not None]
    walking, grows = {method.name for _, method in homes}, True
    while grows:
        users = {
            method.name
            for name in walking
            for use in model.attribute(name).uses
            if (method := model.method_of(use)) is not None
        }
        grows = not users <= walking
        walking |= users
    calls = [use for name in walking for use in model.attribute(name).uses if model.method_of(use) is init]
    lines = [use.lineno for use in calls]
    lines += [node.lineno for node, method in homes if method is init]  # type: ignore[attr-defined]
    return {one.name for one in planned if any(one.statement.lineno > line for line in lines)}


def _handed_on(model: Model) -> Iterator[ast.AST]:
    """Places where the class hands itself to a function, which may walk over it."""
    for name in model.bare_self:
        call = model.source.parent(name)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id != "super":
            yield name


def _first_line(model: Model, name: str) -> int:
    return min(definition.statement.lineno for definition in model.attribute(name).definitions)
