"""Lists of models inside another, as functions write them: made key by key in loops, run as lists of `partial`.

`params.update({f"blocks.{i}.{key}": …})` in `for i in range(n)` is `nn.ModuleList([Block(…) for i in range(n)])`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..plan.edits import Hole, Part, arguments


@dataclass(frozen=True)
class Loop:
    """`for i in range(n)`, or `for index, (a, b) in enumerate(…)` with what it gives besides the index."""

    index: str
    target: ast.expr | None
    over: ast.expr

    @property
    def told(self) -> tuple[str, str, str]:
        """What tells it from others."""
        return self.index, "" if self.target is None else ast.dump(self.target), ast.dump(self.over)

    @property
    def names(self) -> set[str]:
        """Names that it gives."""
        given = set() if self.target is None else {n.id for n in ast.walk(self.target) if isinstance(n, ast.Name)}
        return given | {self.index}


@dataclass(frozen=True)
class Entry:
    """One statement that makes a model at a place: `path` is ("pairs", "{i}", "0")."""

    path: tuple[str, ...]
    loops: tuple[Loop, ...]
    made: ast.Call
    kind: str
    statement: ast.stmt

    @property
    def told(self) -> tuple[object, ...]:
        """What tells it from others, but for the function that makes it."""
        given = tuple(ast.dump(one) for one in (*self.made.args, *self.made.keywords))
        return self.path, tuple(loop.told for loop in self.loops), given


@dataclass
class Listed:
    """The entries of one attribute, in order, and the statements at the top of the function that hold them."""

    attribute: str
    entries: list[Entry] = field(default_factory=list)
    statements: list[ast.stmt] = field(default_factory=list)


def lists_of(body: Sequence[ast.stmt]) -> list[Listed]:
    """The lists that a function makes; nothing where a loop holds anything else."""
    found: list[Listed] = []
    for statement in body:
        entries = list(_entries(statement, ()))
        if not entries or None in entries:
            continue
        for entry in entries:
            assert entry is not None
            if not found or found[-1].attribute != entry.path[0]:
                found.append(Listed(entry.path[0]))
            found[-1].entries.append(entry)
            if statement not in found[-1].statements:
                found[-1].statements.append(statement)
    names = [one.attribute for one in found]
    shared = [statement for one in found for statement in one.statements]
    return [
        one
        for one in found
        if names.count(one.attribute) == 1
        and all(shared.count(statement) == 1 for statement in one.statements)
        and _is_whole(one.entries, 1)
    ]


def _entries(statement: ast.stmt, loops: tuple[Loop, ...]) -> Iterator[Entry | None]:
    match statement:
        case ast.For(body=body, orelse=[]):
            loop = read_loop(statement.target, statement.iter)
            for one in body:
                yield from _entries(one, (*loops, loop)) if loop is not None else (None,)
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=ast.Name(id="params" | "buffers" as kind), attr="update"),
                args=[
                    ast.DictComp(
                        key=ast.JoinedStr(values=[*head, ast.FormattedValue(value=ast.Name(id="key"))]),
                        value=ast.Name(id="value"),
                        generators=[
                            ast.comprehension(
                                target=ast.Tuple(elts=[ast.Name(id="key"), ast.Name(id="value")]),
                                iter=ast.Call(func=ast.Attribute(value=ast.Call() as made, attr="items"), args=[]),
                                ifs=[],
                            )
                        ],
                    )
                ],
                keywords=[],
            )
        ):
            path = path_of(head)
            fine = path is not None and [f"{{{one.index}}}" for one in loops] == [p for p in path if p[0] == "{"]
            if path is not None and len(path) > 1 and fine:
                yield Entry(path, loops, made, kind, statement)
            elif loops:
                yield None
        case _ if loops:
            yield None
        case _:
            return


def read_loop(target: ast.expr, over: ast.expr) -> Loop | None:
    """A loop that counts."""
    match target, over:
        case ast.Name(id=name), ast.Call(func=ast.Name(id="range"), args=[_], keywords=[]):
            return Loop(name, None, over)
        case ast.Tuple(elts=[ast.Name(id=name), given]), ast.Call(
            func=ast.Name(id="enumerate"), args=[of], keywords=[]
        ):
            return Loop(name, given, of)
        case _:
            return None


def path_of(values: Sequence[ast.expr]) -> tuple[str, ...] | None:
    """`blocks.{i}.` of an f-string's parts → ("blocks", "{i}")."""
    text = ""
    for one in values:
        match one:
            case ast.Constant(value=str(said)) if "{" not in said:
                text += said
            case ast.FormattedValue(value=ast.Name(id=name), conversion=-1, format_spec=None):
                text += f"{{{name}}}"
            case _:
                return None
    parts = text.split(".")
    if parts[-1] or not parts[0].isidentifier() or not all(parts[:-1]):
        return None
    fine = all(part.isdecimal() or (part[0] == "{" and part[1:-1].isidentifier()) for part in parts[1:-1])
    return tuple(parts[:-1]) if fine else None


def _is_whole(entries: Sequence[Entry], depth: int) -> bool:
    """Whether entries are all of a list: one loop, or the places 0, 1, 2, …"""
    if len(entries) == 1 and len(entries[0].path) == depth:
        return True
    if any(len(one.path) <= depth for one in entries):
        return False
    if entries[0].path[depth][0] == "{":
        return len({one.path[depth] for one in entries}) == 1 and _is_whole(entries, depth + 1)
    places = list(_places(entries, depth))
    numbers = [place for place, _ in places]
    return numbers == [str(number) for number in range(len(numbers))] and all(
        _is_whole(inside, depth + 1) for _, inside in places
    )


def _places(entries: Sequence[Entry], depth: int) -> Iterator[tuple[str, list[Entry]]]:
    """Entries that stand beside each other by their place."""
    inside: list[Entry] = []
    for one in entries:
        if inside and one.path[depth] != inside[0].path[depth]:
            yield inside[0].path[depth], inside
            inside = []
        inside.append(one)
    if inside:
        yield inside[0].path[depth], inside


def constructed(entries: Sequence[Entry], names: dict[ast.Call, str], owner: str, depth: int = 1) -> Iterator[Part]:
    """`nn.ModuleList([Block(…) for i in range(n)])`; `names`: call → class, `owner` is what torch.nn is called."""
    if len(entries[0].path) == depth:
        made = entries[0].made
        yield f"{names[made]}("
        yield from arguments(made.args, made.keywords)
        yield ")"
        return
    yield f"{owner}.ModuleList(["
    if entries[0].path[depth][0] == "{":
        yield from constructed(entries, names, owner, depth + 1)
        level = sum(part[0] == "{" for part in entries[0].path[:depth])
        loop = entries[0].loops[level]
        given = [node for one in entries for part in (*one.made.args, *one.made.keywords) for node in ast.walk(part)]
        if loop.target is None:
            yield f" for {loop.index} in "
            yield Hole(loop.over)
        elif not any(isinstance(node, ast.Name) and node.id == loop.index for node in given):
            bare = loop.target.elts if isinstance(loop.target, ast.Tuple) else [loop.target]
            yield f" for {', '.join(ast.unparse(one) for one in bare)} in "
            yield Hole(loop.over)
        else:
            yield f" for {loop.index}, "
            yield Hole(loop.target)
            yield " in enumerate("
            yield Hole(loop.over)
            yield ")"
    else:
        for number, (_, inside) in enumerate(_places(entries, depth)):
            yield ", " if number else ""
            yield from constructed(inside, names, owner, depth + 1)
    yield "])"


@dataclass(frozen=True)
class Run:
    """`partial(block_forward, params, buffers, training=training, prefix=…)` at a place of a list."""

    path: tuple[str, ...]
    loops: tuple[Loop, ...]
    call: ast.Call
    prefix: ast.keyword


def runs_of(value: ast.expr, *, prefixed: bool) -> list[Run] | None:
    """The calls of a list that is run, in order; None for any other expression."""
    found = list(_runs(value, (), prefixed))
    return (
        None if not found or None in found or isinstance(value, ast.Call) else [one for one in found if one is not None]
    )


def _runs(value: ast.expr, loops: tuple[Loop, ...], prefixed: bool) -> Iterator[Run | None]:
    match value:
        case ast.List(elts=elements):
            for one in elements:
                yield from _runs(one, loops, prefixed)
        case ast.ListComp(elt=element, generators=[ast.comprehension(target=target, iter=over, ifs=[])]):
            loop = read_loop(target, over)
            yield from _runs(element, (*loops, loop), prefixed) if loop is not None else (None,)
        case ast.Call(func=ast.Name(id="partial")):
            word = next((one for one in value.keywords if one.arg == "prefix"), None)
            path = _prefix(word.value, prefixed) if word is not None else None
            yield Run(path, loops, value, word) if path is not None and word is not None else None
        case _:
            yield None


def _prefix(node: ast.expr, prefixed: bool) -> tuple[str, ...] | None:
    match node:
        case ast.JoinedStr(values=[ast.FormattedValue(value=ast.Name(id="prefix")), *rest]) if prefixed:
            return path_of(rest)
        case ast.JoinedStr(values=values) if not prefixed:
            return path_of(values)
        case ast.Constant(value=str()) if not prefixed:
            return path_of([node])
        case _:
            return None
