"""Facts → Form: the names of a class's functions, and which of the constructor's arguments each of them is handed."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import cast

from ..recognise.model import Method
from .crossing import check_makers, given_twice
from .facts import Facts, fresh
from .form import Form, stored
from .parts import Many, One, Part, Several, loops, targets
from .shape import refusal, says
from .slices import Slicer, leaves
from .sometimes import is_none


def snake(name: str) -> str:
    """`ConvBNReLU` → `conv_bn_re_lu`; close enough to read."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower().lstrip("_")


def form_of(facts: Facts, stem: str, is_root: bool, children: Mapping[str, Form], taken: set[str]) -> Form:
    """Decide names and arguments. `taken` are names of the file, and grows. Raises Kept."""
    form = Form(facts, stem, is_root, children, _slicer(facts))
    check_makers(form)
    for name in ("init_params", "init_buffers", "forward", *(one for one in facts.methods if one != "forward")):
        private = name.startswith("_") and not name.startswith("__")
        form.names[name] = fresh(f"_{stem}{name[1:]}" if private else f"{stem}{name}", taken)
    for name, method in facts.methods.items():
        _prologue(form, name, method)
    while _pass_on(form):
        pass
    for name, method in facts.methods.items():
        _check_hidden(form, name, method)
    if facts.model.init is not None and (own := _names_of(facts.model.init)) & set(form.names.values()):
        raise refusal(
            facts.model.init.node, f"its __init__ has a name `{min(own & set(form.names.values()))}` of its own"
        )
    return form


def _slicer(facts: Facts) -> Slicer:
    """Settings get names: the argument's own for `self.p = p`, else theirs, where nothing else is called so."""
    model, init = facts.model, facts.model.init
    names = facts.names
    tensors = {name: f"self.{name}" for name in (*facts.params, *facts.buffers)}
    found: dict[str, str] = {}
    silent: set[ast.stmt] = set()
    bound = {name for one in init.node.body for name in stored(one)} if init is not None else set()
    for name in sorted(facts.settings):
        match model.attribute(name):
            case one if len(one.definitions) == 1 and not one.odd:
                definition = one.definitions[0]
                value = definition.value
                # below an `if` too: where the test fails, reading the setting was an error
                plain = definition.form == "assign" and definition.method is init
                if plain and isinstance(value, ast.Name) and value.id in facts.arguments and value.id not in bound:
                    found[name] = value.id
                    silent.add(definition.statement)
                    continue
            case _:
                pass
        found[name] = fresh(name, names)
    for name in (*facts.params, *facts.buffers, *facts.tests):
        for definition in model.attribute(name).definitions:
            if definition.value is None or is_none(definition):
                silent.add(definition.statement)
    return Slicer(model, {**found, **tensors}, frozenset(silent))


def given(form: Form, one: One) -> dict[str, ast.expr]:
    """Constructor argument → what a module is made with, for those that its forward takes. Raises Kept."""
    child, call = form.children[one.name], one.call
    names = list(child.facts.arguments)
    if any(isinstance(one, ast.Starred) for one in call.args) or any(word.arg is None for word in call.keywords):
        raise refusal(call, f"a {one.name} is made with starred arguments")
    if len(call.args) > len(names):
        raise refusal(call, f"a {one.name} is made with arguments that are not named")
    bound = {**dict(zip(names, call.args, strict=False)), **{cast(str, one.arg): one.value for one in call.keywords}}
    wanted = {name: bound[name] for name in child.handed["forward"] if name in bound}
    for value in wanted.values():
        if not form.slicer.is_plain(value):
            raise refusal(value, f"a {one.name} is made with a value that cannot be computed again")
    return wanted


def needed(form: Form, part: Part) -> set[str]:
    """Names of the constructor on which depends how such modules run. Raises Kept."""
    match part:
        case One():
            return {name for value in given(form, part).values() for name in form.slicer.reads(value)}
        case Several(parts):
            return {name for one in parts for name in needed(form, one)}
        case Many(loop=loop, part=inner):
            if not form.slicer.is_plain(loop.iter):
                raise refusal(
                    loop.iter, f"`{says(form.facts.model, loop.iter)}` would have to run in several functions"
                )
            return (needed(form, inner) - targets(part)) | form.slicer.reads(loop.iter)


def _settled(form: Form, attribute: str, part: Part) -> set[str]:
    """What such modules need, if it has the same value at the end of the constructor still. Raises Kept."""
    definitions = [one for one in form.facts.model.attribute(attribute).definitions if not is_none(one)]
    names, statement = needed(form, part), definitions[0].statement
    if (test := form.facts.tests.get(attribute)) is not None:
        if not form.slicer.is_plain(test.node):
            raise refusal(test.node, "a test of its __init__ would have to run in several functions")
        names |= form.slicer.reads(test.node)
    body = list(leaves(form.body))
    for later in body[body.index(statement) + 1 :]:
        if changed := sorted(names & form.slicer.binds(later)):
            raise refusal(later, f"{changed[0]} gets another value after self.{attribute} is made with it")
    return names


def _prologue(form: Form, name: str, method: Method) -> None:
    """What a method needs of the constructor, and which arguments that takes."""
    facts, slicer = form.facts, form.slicer
    need: set[str] = set()
    listed = form.listed.setdefault(name, {})
    for inner in ast.walk(method.node):
        attribute = facts.model.self_attribute(inner)
        part = facts.part(attribute) if attribute is not None else None
        if attribute in facts.settings:
            need.add(slicer.locals[attribute])
        elif part is not None and attribute is not None:
            need |= _settled(form, attribute, part)
            if attribute in facts.lists and attribute not in listed:
                listed[attribute] = fresh(attribute, facts.names)
    chosen, before = slicer.slice(form.body, need)
    for one in sorted(before & _unnamed(facts)):
        raise refusal(method.node, f"{name} depends on *{one}")
    for default in (facts.arguments[one] for one in before & facts.arguments.keys()):
        if default is not None and not slicer.is_plain(default):
            raise refusal(default, "a default value of its __init__ cannot be computed twice")
    for one in sorted(given_twice(form, chosen, need)):
        raise refusal(method.node, f"{name} depends on {one}, which the file gives several values")
    rebound = {
        one for statement in leaves(form.body) if statement not in slicer.silent for one in slicer.binds(statement)
    }
    for one in sorted(before & facts.arguments.keys() & rebound):
        raise refusal(method.node, f"{name} depends on {one}, which __init__ changes")
    form.prologues[name] = chosen
    form.handed[name] = tuple(one for one in facts.arguments if one in before)


def _unnamed(facts: Facts) -> set[str]:
    if facts.model.init is None:
        return set()
    given = facts.model.init.node.args
    return {one.arg for one in (given.vararg, given.kwarg) if one is not None}


def _pass_on(form: Form) -> bool:
    """A method that calls another takes what that takes; whether anything was added."""
    facts, grown = form.facts, False
    for name, method in facts.methods.items():
        wanted = set(form.handed[name])
        for inner in ast.walk(method.node):
            called = facts.model.self_attribute(inner)
            wanted |= set(form.handed.get(called or "", ())) if called in facts.methods else set()
        grown = grown or len(wanted) > len(form.handed[name])
        form.handed[name] = tuple(one for one in facts.arguments if one in wanted)
    return grown


def _names_of(method: Method) -> set[str]:
    """Names that a method gives itself."""
    own = set(stored(method.node)) | {node.arg for node in ast.walk(method.node) if isinstance(node, ast.arg)}
    return own - {method.self_name or ""}


def _check_hidden(form: Form, name: str, method: Method) -> None:
    """A method's own names must not hide what it is handed, what it computes anew, nor the functions it calls."""
    own = _names_of(method)
    used = set(form.handed[name])
    for chosen in form.prologues[name]:
        node = chosen if isinstance(chosen, ast.stmt) else chosen.node
        used |= form.slicer.reads(node) | form.slicer.binds(node)
    for attribute in form.listed[name]:
        part = form.facts.lists[attribute]
        used |= needed(form, part)
        own |= {one for loop in loops(part) for one in targets(loop)}
    functions = {*form.names.values(), *(one for child in form.children.values() for one in child.names.values())}
    functions |= {"partial"} if form.listed[name] else set()
    if hidden := sorted(own & (used | functions)):
        raise refusal(method.node, f"{name} has a name `{hidden[0]}` of its own, which would be handed to it")
