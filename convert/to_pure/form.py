"""How a class reads as functions: their names, and which of the constructor's arguments each of them is handed.

`Net(width=8)` with `self.scale = width ** -0.5` used in forward: `forward(params, buffers, x, *, training, width=8)`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from ..recognise.model import Method
from .changes import changes_buffers
from .facts import Facts, definition_of, refusal, super_call
from .slices import Chosen, Slicer


@dataclass
class Form:
    """The functions of one class; `children` are the forms of its modules by attribute.

    `stem` begins their names ("" for a file with one model); `is_root` where no other class holds this one: its forward
    works on copies of the buffers and gives them back. `handed`: method → the constructor's arguments that it takes;
    `prologues`: what it computes of them; `begun`: how many statements it then begins with.
    """

    facts: Facts
    stem: str
    is_root: bool
    children: Mapping[str, Form]
    slicer: Slicer
    names: dict[str, str] = field(default_factory=dict)
    handed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    prologues: dict[str, tuple[Chosen, ...]] = field(default_factory=dict)
    begun: dict[str, int] = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        """Whether a run may change buffers."""
        return changes_buffers(self.facts) or any(child.changes for child in self.children.values())

    @property
    def makes_params(self) -> bool:
        """Whether there is anything to make, or to do, besides buffers."""
        return bool(self.initial) or self.is_root

    @property
    def makes_buffers(self) -> bool:
        """Whether there are buffers, the children's among them."""
        return bool(self.facts.buffers) or any(child.makes_buffers for child in self.children.values())

    @property
    def body(self) -> list[ast.stmt]:
        """The constructor's statements, without its docstring and the call of the base class."""
        init = self.facts.model.init
        if init is None:
            return []
        first = super_call(self.facts.model)
        return [one for one in init.node.body if one is not first and not _is_docstring(init, one)]

    @property
    def initial(self) -> tuple[Chosen, ...]:
        """What makes the parameters."""
        return self.slicer.slice(self.body, set(), lambda one: self.kind(one) in {"param", "child", "effect"})[0]

    @property
    def buffered(self) -> tuple[Chosen, ...]:
        """What makes the buffers."""
        return self.slicer.slice(self.body, set(), self._makes_buffer)[0]

    def _makes_buffer(self, statement: ast.stmt) -> bool:
        kind = self.kind(statement)
        if kind == "child":
            return self.child(statement).makes_buffers
        if kind == "buffer" and not self.slicer.is_quiet(statement):
            raise refusal(statement, "a buffer has a random or unknown first value")
        return kind == "buffer"

    def child(self, statement: ast.stmt) -> Form:
        """The form of the module that a statement makes."""
        found = definition_of(self.facts, statement)
        assert found is not None
        return self.children[found[0]]

    def kind(self, statement: ast.stmt) -> str:
        """What a simple statement of the constructor does: "param", "buffer", "child", "plain", "none" or "effect"."""
        facts = self.facts
        if statement in self.slicer.silent:
            return "none"
        found = definition_of(facts, statement)
        if found is not None and found[0] not in facts.settings:
            name = found[0]
            if name in facts.children:
                child = self.children[name]
                return "child" if child.makes_params or child.makes_buffers else "none"
            return "param" if name in facts.params else "buffer"
        read = self.slicer.reads(statement)
        if any(f"self.{name}" in read for name in facts.buffers):
            return "buffer"
        if any(f"self.{name}" in read for name in facts.params):
            return "plain" if isinstance(statement, ast.Assign) and self.slicer.is_quiet(statement) else "effect"
        owned = isinstance(statement, ast.Expr) and bool(self.slicer.binds(statement))
        assigned = isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign))
        if isinstance(statement, ast.Pass) or (isinstance(statement, ast.AnnAssign) and statement.value is None):
            return "none"
        return "plain" if (owned or assigned) and self.slicer.is_quiet(statement) else "effect"


def _is_docstring(method: Method, statement: ast.stmt) -> bool:
    return ast.get_docstring(method.node) is not None and statement is method.node.body[0]


def snake(name: str) -> str:
    """`ConvBNReLU` → `conv_bn_re_lu`; close enough to read."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower().lstrip("_")


def form_of(facts: Facts, stem: str, is_root: bool, children: Mapping[str, Form], taken: set[str]) -> Form:
    """Decide names and arguments. `taken` are names of the file, and grows. Raises Kept."""
    form = Form(facts, stem, is_root, children, _slicer(facts))
    _check_roots(form)
    for name in ("init_params", "init_buffers", "forward", *(one for one in facts.methods if one != "forward")):
        private = name.startswith("_") and not name.startswith("__")
        form.names[name] = fresh(f"_{stem}{name[1:]}" if private else f"{stem}{name}", taken)
    for name, method in facts.methods.items():
        _prologue(form, name, method)
    while _pass_on(form):
        pass
    for name, method in facts.methods.items():
        _check_hidden(form, name, method)
    return form


def fresh(name: str, taken: set[str]) -> str:
    """The name, or one with a number; taken from now on."""
    count, base = 0, name
    while name in taken:
        count += 1
        name = f"{base}_{count}"
    taken.add(name)
    return name


def _slicer(facts: Facts) -> Slicer:
    """Settings get names: the argument's own for `self.p = p`, else theirs, where nothing else is called so."""
    model, init = facts.model, facts.model.init
    names = {node.id for node in ast.walk(model.node) if isinstance(node, ast.Name)}
    names |= {node.arg for node in ast.walk(model.node) if isinstance(node, ast.arg)}
    tensors = {name: f"self.{name}" for name in (*facts.params, *facts.buffers)}
    found: dict[str, str] = {}
    silent: set[ast.stmt] = set()
    bound = {name for one in init.node.body for name in _stored(one)} if init is not None else set()
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
    for name in (*facts.params, *facts.buffers):
        for definition in model.attribute(name).definitions:
            if definition.value is None or (
                isinstance(definition.value, ast.Constant) and definition.value.value is None
            ):
                silent.add(definition.statement)
    return Slicer(model, {**found, **tensors}, frozenset(silent))


def _stored(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
            yield inner.id


def _check_roots(form: Form) -> None:
    """Parameters are made without buffers, and buffers without parameters: each is made by a function of its own."""
    for statement in _simple(form.initial):
        if form.kind(statement) == "buffer":
            raise refusal(statement, "a parameter is made from a buffer")
    for statement in _simple(form.buffered):
        if form.kind(statement) == "param":
            raise refusal(statement, "a buffer is made from a parameter")


def _simple(chosen: Iterable[Chosen]) -> Iterator[ast.stmt]:
    for one in chosen:
        if isinstance(one, ast.stmt):
            yield one
        else:
            yield from _simple((*one.body, *one.orelse))


def given(form: Form, attribute: str) -> dict[str, ast.expr]:
    """Constructor argument → what a child is made with, for those that its forward takes. Raises Kept."""
    child, call = form.children[attribute], form.facts.children[attribute].call
    names = list(child.facts.arguments)
    if any(isinstance(one, ast.Starred) for one in call.args) or any(word.arg is None for word in call.keywords):
        raise refusal(call, f"self.{attribute} is made with starred arguments")
    if len(call.args) > len(names):
        raise refusal(call, f"self.{attribute} is made with arguments that are not named")
    bound = {**dict(zip(names, call.args, strict=False)), **{cast(str, one.arg): one.value for one in call.keywords}}
    wanted = {name: bound[name] for name in child.handed["forward"] if name in bound}
    for value in wanted.values():
        if not form.slicer.is_plain(value):
            raise refusal(value, f"self.{attribute} is made with a value that cannot be computed again")
    return wanted


def _prologue(form: Form, name: str, method: Method) -> None:
    """What a method needs of the constructor, and which arguments that takes."""
    facts, slicer = form.facts, form.slicer
    need: set[str] = set()
    for inner in ast.walk(method.node):
        attribute = facts.model.self_attribute(inner)
        if attribute in facts.settings:
            need.add(slicer.locals[attribute])
        elif attribute in facts.children:
            need |= {one for value in given(form, attribute).values() for one in slicer.reads(value)}
    chosen, before = slicer.slice(form.body, need, lambda _one: False)
    for one in sorted(before & _unnamed(facts)):
        raise refusal(method.node, f"{name} depends on *{one}")
    for default in (facts.arguments[one] for one in before & facts.arguments.keys()):
        if default is not None and not slicer.is_plain(default):
            raise refusal(default, "a default value of its __init__ cannot be computed twice")
    rebound = {one for statement in form.body for one in _stored(statement)}
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


def _check_hidden(form: Form, name: str, method: Method) -> None:
    """A method's own names must not hide what it is handed, what it computes anew, nor the functions it calls."""
    own = set(_stored(method.node)) | {node.arg for node in ast.walk(method.node) if isinstance(node, ast.arg)}
    own.discard(method.self_name or "")
    used = set(form.handed[name])
    for chosen in form.prologues[name]:
        node = chosen if isinstance(chosen, ast.stmt) else chosen.node
        used |= form.slicer.reads(node) | form.slicer.binds(node)
    functions = {*form.names.values(), *(one for child in form.children.values() for one in child.names.values())}
    if hidden := sorted(own & (used | functions)):
        raise refusal(method.node, f"{name} has a name `{hidden[0]}` of its own, which would be handed to it")
