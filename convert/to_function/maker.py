"""Writes the method that makes one member of a container: an object with the layer's tensors and settings.

`nn.Linear(dim, 8)` in a list becomes `self.make_fc(dim, 8)`, and `make_fc` gives an empty module with a weight and a
bias of these sizes, filled as torch fills them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..ops import Pair
from ..plan.edits import Hole, Line, Part, line
from ..plan.naming import MODULE_MEMBERS, Names
from ..plan.plan import Kept
from ..plan.spelling import Speller
from ..recognise.calls import Construction
from ..recognise.model import Method, Model
from .form import Form

_WORDS = ("layer", "member", "made")


@dataclass
class Makers:
    """The making methods of one container: those that read the same are one."""

    model: Model
    method: Method
    names: Names
    speller: Speller
    written: dict[tuple[tuple[str, ...], tuple[Line, ...]], str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def made(self, built: Construction, form: Form, sizes: Mapping[str, str], base: str) -> tuple[Part, ...]:
        """What stands in the constructor's place."""
        owner = self.method.self_name
        assert owner is not None
        if not form.tensors and not form.settings:
            return (f"{self.speller.spell('torch.nn.Module', built.node)}()",)
        free = [name for name in self._free(built, sizes) if name not in sizes]
        body = tuple(self._body(built, form, {*sizes, *free, owner}))
        key = (owner, *sizes, *free), body
        if key not in self.written:
            self.written[key] = self.names.fresh(f"make_{_singular(base)}")
            head = ", ".join((owner, *sizes, *free))
            self.lines += [Line(()), line(f"def {self.written[key]}({head}):"), *body]
        parts: list[Part] = [f"{owner}.{self.written[key]}("]
        for name in sizes:
            parts += [Hole(built.args[name]), ", "]
        parts += [f"{name}, " for name in free]
        if len(parts) > 1:
            parts[-1] = str(parts[-1]).removesuffix(", ")
        return (*parts, ")")

    def sizes(self, built: Construction, held: frozenset[str]) -> dict[str, str]:
        """Arguments that the method takes under their own names: axes of the tensors, and what is kept on each."""
        given = [name for name in built.args if name in plain_sizes(built.pair) | held]
        others = set(self._free(built, given))
        return {} if others & set(given) else {name: name for name in given}

    def _free(self, built: Construction, apart: object) -> list[str]:
        """Local names that the other arguments read."""
        assert isinstance(apart, (list, dict))
        owner, scopes = self.method.self_name, self.model.source.scopes
        home = scopes.inside(self.method.node)
        found: dict[str, None] = {}
        for name, node in built.args.items():
            for inner in ast.walk(node) if name not in apart else ():
                if not isinstance(inner, ast.Name) or inner.id == owner:
                    continue
                scope = scopes.scope_binding(inner)
                while scope is not None and scope is not home:
                    scope = scope.parent
                if scope is home:
                    found[inner.id] = None
        return list(found)

    def _body(self, built: Construction, form: Form, taken: set[str]) -> Iterator[Line]:
        owner = self.method.self_name
        assert owner is not None
        used = taken | {
            inner.id for node in built.args.values() for inner in ast.walk(node) if isinstance(inner, ast.Name)
        }
        held = next((word for word in _WORDS if word not in used), "")
        bound = next(
            (f"{word}bound" for word in ("", "own_") if used.isdisjoint({f"{word}bound", f"{word}fan_in"})), ""
        )
        if not held or not bound:
            raise Kept("NF225", reason="no name for a local is free")
        at = built.node
        texts = {name: text.replace("{self}", owner) for name, text in form.at(held).arguments.items()}
        lines = [line(f"{held} = {self.speller.spell('torch.nn.Module', at)}()"), *form.state_lines(held)]
        lines += replace(form, arguments=texts).initial_lines(held, bound, self.speller, at)
        for one in (*lines, line(f"return {held}")):
            yield Line(one.parts, one.depth + 1)


def plain_sizes(pair: Pair) -> set[str]:
    """Constructor arguments that only say how long an axis is."""
    words = {
        part for slot in pair.slots for word in slot.shape.split() if "*" not in word for part in word.split("/")[:1]
    }
    said = set(pair.shared.values()) | set(pair.flags) | set(pair.initial) | set(pair.tuples)
    return {word for word in words if word in pair.module_signature} - said


def check_place(model: Model, method: Method, node: ast.AST) -> None:
    """A constructor whose arguments another method of the class can read. Raises Kept."""
    scopes = model.source.scopes
    if any(meanings != {"?"} for meanings in scopes.inside(method.node).bindings.values()):
        raise Kept("NF225", reason=f"{method.name} imports names of its own")
    scope = scopes.scope_of(node)
    while scope is not scopes.inside(method.node):
        hidden = method.self_name in scope.bindings
        if scope.parent is None or hidden or isinstance(scope.node, (ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            raise Kept("NF218", function=model.source.says(node))
        scope = scope.parent


def check_settings(form: Form) -> None:
    """Nothing that an object keeps may hide what a module has. Raises Kept."""
    kept = {name for name, _ in form.settings} | {tensor.attribute for tensor in form.tensors}
    if kept & MODULE_MEMBERS or any("." in name for name in kept):
        raise Kept("NF225", reason=f"no certain name for {min(kept)} here")


def _singular(name: str) -> str:
    """`convs` → `conv`, `self.norm1s` → `norm1`; `pos` and `bias` stay."""
    plain = name.strip("_")
    several = len(plain) > 2 and plain.endswith("s") and not plain.endswith(("ss", "is", "us", "as", "os"))
    return plain[:-1] if several else plain
