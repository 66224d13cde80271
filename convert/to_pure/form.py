"""How a class reads as functions: their names, and which of the constructor's arguments each of them is handed.

`Net(width=8)` with `self.scale = width ** -0.5` used in forward: `forward(params, buffers, x, *, training, width=8)`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..recognise.model import Method
from .changes import changes_buffers
from .facts import Facts, definition_of
from .parts import ones
from .shape import refusal, super_call
from .slices import Chosen, Slicer

PARTIAL = "functools.partial"


@dataclass
class Form:
    """The functions of one class; `children` are the forms of the modules that it holds by their classes.

    `stem` begins their names ("" for a file with one model); `is_root` where no other class holds this one: its forward
    works on copies of the buffers and gives them back. `handed`: method → the constructor's arguments that it takes;
    `prologues`: what it computes of them; `begun`: how many statements it then begins with; `listed`: the lists of
    modules that it runs through, by the names these have in it.
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
    listed: dict[str, dict[str, str]] = field(default_factory=dict)

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
    def uses_partial(self) -> bool:
        """Whether it runs through lists of modules."""
        return any(self.listed.values())

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
        return self.slicer.slice(self.body, set(), self._makes_parameter, again=False)[0]

    @property
    def buffered(self) -> tuple[Chosen, ...]:
        """What makes the buffers."""
        return self.slicer.slice(self.body, set(), self._makes_buffer)[0]

    def _makes_parameter(self, statement: ast.stmt) -> bool:
        return self.kind(statement) in {"param", "child", "effect"}

    def _makes_buffer(self, statement: ast.stmt) -> bool:
        kind = self.kind(statement)
        if kind == "child":
            return any(child.makes_buffers for child in self.made(statement))
        if kind == "buffer" and not self.slicer.is_quiet(statement):
            raise refusal(statement, "a buffer has a random or unknown first value")
        return kind == "buffer"

    def made(self, statement: ast.stmt) -> list[Form]:
        """The forms of the modules that a statement makes."""
        found = definition_of(self.facts, statement)
        part = self.facts.part(found[0]) if found is not None else None
        return [self.children[one.name] for one in ones(part)] if part is not None else []

    def kind(self, statement: ast.stmt) -> str:
        """What a simple statement of the constructor does: "param", "buffer", "child", "plain", "none" or "effect"."""
        facts = self.facts
        if statement in self.slicer.silent:
            return "none"
        found = definition_of(facts, statement)
        if found is not None and found[0] not in facts.settings:
            name = found[0]
            if facts.part(name) is not None:
                return "child" if any(one.makes_params or one.makes_buffers for one in self.made(statement)) else "none"
            return "param" if name in facts.params else "buffer"
        read = self.slicer.reads(statement)
        if any(f"self.{name}" in read for name in facts.buffers):
            return "buffer"
        if any(f"self.{name}" in read for name in facts.params):
            return "plain" if self._names_a_value(statement) and self.slicer.is_quiet(statement) else "effect"
        bound = self.slicer.binds(statement)
        owned = isinstance(statement, ast.Expr) and bool(bound)
        assigned = isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign))
        if isinstance(statement, ast.Pass) or (isinstance(statement, ast.AnnAssign) and statement.value is None):
            return "none"
        inside = bound <= self.own_names  # else it changes an argument or something of the file's: once, and always
        return "plain" if inside and (owned or assigned) and self.slicer.is_quiet(statement) else "effect"

    def _names_a_value(self, statement: ast.stmt) -> bool:
        """Whether a statement only gives names and settings their values: `self.weight.data = x` changes a tensor."""
        if not isinstance(statement, ast.Assign):
            return False
        leaves = [leaf for target in statement.targets for leaf in _targets(target)]
        return all(isinstance(one, ast.Name) or self.facts.model.self_attribute(one) is not None for one in leaves)

    @cached_property
    def own_names(self) -> set[str]:
        """Names that only the constructor gives: its variables and settings."""
        return {name for one in self.body for name in stored(one)} | set(self.slicer.locals.values())


def _targets(target: ast.expr) -> Iterator[ast.expr]:
    """What one target stores into, tuples taken apart."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for one in target.elts:
            yield from _targets(one)
    else:
        yield target.value if isinstance(target, ast.Starred) else target


def _is_docstring(method: Method, statement: ast.stmt) -> bool:
    return ast.get_docstring(method.node) is not None and statement is method.node.body[0]


def stored(node: ast.AST) -> Iterator[str]:
    """Names that are given a value."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
            yield inner.id
