"""The functions of a file that are one model: `init_params`, `init_buffers`, `forward`, and those that were methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..plan.plan import Kept
from ..source import Source
from ..written import HANDED, model_name

CODE = "NF285"


@dataclass
class Group:
    """One model. `methods` are its functions by name, forward among them; `init` and `state` make its tensors.

    `arguments` are those of its constructor, `handed` those of them that its functions take; `inner` if it is a part of
    another model, below a prefix.
    """

    name: str
    stem: str
    init: ast.FunctionDef | None
    state: ast.FunctionDef | None
    inner: bool
    arguments: tuple[str, ...] = ()
    handed: tuple[str, ...] = ()
    methods: dict[str, ast.FunctionDef] = field(default_factory=dict)

    @property
    def forward(self) -> ast.FunctionDef:
        return self.methods[f"{self.stem}forward"]

    @property
    def makers(self) -> list[ast.FunctionDef]:
        """What makes its tensors."""
        return [one for one in (self.init, self.state) if one is not None]

    @property
    def functions(self) -> list[ast.FunctionDef]:
        """All of them."""
        return [*self.makers, *self.methods.values()]

    def method_name(self, function: str) -> str:
        """`_block_shortcut` → `_shortcut`."""
        private = function.startswith("_")
        rest = function.lstrip("_").removeprefix(self.stem)
        return f"_{rest}" if private else rest


def refusal(group_name: str, node: ast.AST | None, reason: str) -> Kept:
    """The reason for which functions stay functions."""
    return Kept(CODE, node, name=group_name, reason=reason)


def groups_of(source: Source) -> list[Group]:
    """The models that a file writes as functions, in the order of their forward."""
    defined: dict[str, ast.FunctionDef] = {}
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef):
            if node.name in defined:
                return []
            defined[node.name] = node
    handed = {name: node for name, node in defined.items() if _is_handed(node)}
    stems = [name.removesuffix("forward") for name in handed if name == "forward" or name.endswith("_forward")]
    groups = [_group(defined, stem) for stem in stems]
    by_length = sorted(groups, key=lambda group: -len(group.stem))
    for name, node in handed.items():
        owner = next((group for group in by_length if name.lstrip("_").startswith(group.stem)), None)
        if owner is not None:
            owner.methods[name] = node
    for group in groups:
        taken = [one.arg for node in group.methods.values() for one in node.args.kwonlyargs]
        if not group.makers:
            group.arguments = tuple(dict.fromkeys(one for one in taken if one not in _MODE))
        group.handed = tuple(one for one in group.arguments if one in taken)
    return groups


_MODE = ("training", "prefix")


def _is_handed(node: ast.FunctionDef) -> bool:
    """`def f(params, buffers, …, *, training)`."""
    names = [one.arg for one in node.args.args[:2]]
    return names == list(HANDED) and "training" in {one.arg for one in node.args.kwonlyargs}


def _group(defined: Mapping[str, ast.FunctionDef], stem: str) -> Group:
    init, state = defined.get(f"{stem}init_params"), defined.get(f"{stem}init_buffers")
    name = model_name(stem, (ast.get_docstring(one) for one in (init, state) if one is not None))
    named = [one.arg for one in defined[f"{stem}forward"].args.kwonlyargs]
    return Group(name, stem, init, state, "prefix" in named, tuple(_arguments(init if init is not None else state)))


def _arguments(node: ast.FunctionDef | None) -> Iterator[str]:
    if node is not None:
        yield from (one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs))
