"""What the functions of a model hold: the keys of its dicts, and the models inside it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from keyword import iskeyword

from ..plan.naming import MODULE_MEMBERS
from ..source import Source
from .groups import Group, refusal
from .lists import Listed, lists_of


@dataclass
class Inner:
    """A model inside another: which, and the call that makes it (None for one without any tensors)."""

    group: Group
    attribute: str
    made: ast.Call | None = None


@dataclass
class Holding:
    """`attributes`: state key → attribute; `kinds`: state key → "params" or "buffers"; `inner`: prefix → model.

    `lists`: attribute → the models it holds; `listing` are the statements that make such, `owners`: call → model.
    """

    source: Source
    group: Group
    attributes: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    inner: dict[str, Inner] = field(default_factory=dict)
    understood: set[ast.AST] = field(default_factory=set)
    lists: dict[str, Listed] = field(default_factory=dict)
    listing: set[ast.stmt] = field(default_factory=set)
    owners: dict[ast.Call, Group] = field(default_factory=dict)

    def update_of(self, statement: ast.stmt) -> tuple[str, str, ast.Call] | None:
        """`params.update({f"block.{key}": value for key, value in block_init_params(…).items()})`."""
        match statement:
            case ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id="params" | "buffers" as kind), attr="update"),
                    args=[
                        ast.DictComp(
                            key=ast.JoinedStr(values=[ast.Constant(value=str(prefix)), ast.FormattedValue()]),
                            value=ast.Name(),
                            generators=[
                                ast.comprehension(
                                    iter=ast.Call(func=ast.Attribute(value=ast.Call() as made, attr="items")), ifs=[]
                                )
                            ],
                        )
                    ],
                    keywords=[],
                )
            ) if prefix.endswith(".") and prefix[:-1].isidentifier():
                return kind, prefix, made
            case _:
                return None

    def entry_of(self, statement: ast.stmt) -> tuple[str, str, ast.expr] | None:
        """`params["conv.weight"] = …`: kind, key, value."""
        match statement:
            case ast.Assign(
                targets=[
                    ast.Subscript(value=ast.Name(id="params" | "buffers" as kind), slice=ast.Constant(value=str(key)))
                ],
                value=value,
            ):
                return kind, key, value
            case _:
                return None

    def list_models(self, maker: ast.FunctionDef, kind: str, groups: Mapping[str, Group], taken: set[str]) -> None:
        """Note the lists of models that a function makes. Raises Kept where another makes them otherwise."""
        for listed in lists_of(maker.body):
            name, known = listed.attribute, self.lists.get(listed.attribute)
            for entry in listed.entries:
                owner = groups.get(entry.made.func.id) if isinstance(entry.made.func, ast.Name) else None
                if owner is None or entry.kind != kind or (known is None and name in taken):
                    raise refusal(self.group.name, entry.statement, f"self.{name} is no list of models of this file")
                self.owners[entry.made] = owner
            if known is None:
                self.lists[name] = listed
                taken.add(name)
            elif [(one.told, self.owners[one.made].name) for one in known.entries] != [
                (one.told, self.owners[one.made].name) for one in listed.entries
            ]:
                raise refusal(self.group.name, listed.statements[0], f"self.{name} is made in another way before")
            self.listing |= set(listed.statements)


def simple_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements of a body, those below `if` too."""
    for one in body:
        if isinstance(one, ast.If):
            yield from simple_statements([*one.body, *one.orelse])
        else:
            yield one


def holding_of(source: Source, group: Group, groups: Mapping[str, Group], restore: Mapping[str, str]) -> Holding:
    """Read what makes a model's tensors. `groups`: name of a function that makes tensors → its model. Raises Kept."""
    found = Holding(source, group)
    taken = {group.method_name(name) for name in group.methods} | MODULE_MEMBERS | set(group.handed)
    for maker, kind in ((group.init, "params"), (group.state, "buffers")):
        if maker is not None:
            found.list_models(maker, kind, groups, taken)
        for statement in simple_statements(maker.body) if maker is not None else ():
            if (update := found.update_of(statement)) is not None:
                _, prefix, made = update
                owner = groups.get(made.func.id) if isinstance(made.func, ast.Name) else None
                if owner is None or update[0] != kind or (prefix[:-1] in taken and prefix not in found.inner):
                    raise refusal(group.name, statement, f"`{source.says(made)}` makes no model of this file")
                found.inner.setdefault(prefix, Inner(owner, prefix[:-1], made))
                taken.add(prefix[:-1])
            elif (entry := found.entry_of(statement)) is not None:
                _, key, _ = entry
                if entry[0] != kind or found.kinds.get(key, kind) != kind:
                    raise refusal(group.name, statement, f"the key {key!r} stands in both dicts, or in the wrong one")
                found.kinds[key] = kind
    for key in found.kinds:
        found.attributes[key] = _attribute(key, restore.get(key, ""), taken)
    return found


def _attribute(key: str, before: str, taken: set[str]) -> str:
    """A name for the tensor of a key: `conv1.weight` → `conv1_weight`, or what it was called before."""
    base = before if before.isidentifier() and before not in taken else re.sub(r"\W", "_", key)
    base = base if base.isidentifier() and not iskeyword(base) else f"tensor_{base}"
    name, count = base, 0
    while name in taken:
        count += 1
        name = f"{base}_{count}"
    taken.add(name)
    return name
