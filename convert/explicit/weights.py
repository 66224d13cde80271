"""How a file makes the weights that its functions are handed: a dictionary with constant keys, entry by entry.

`{"conv1.weight": torch.randn(8, 1, 3, 3), …}`, `dict(w=…, b=…)`, `params = {}` with `params["w"] = …` after it, a list
with constant indices; at module level, in a function, or in a function that returns it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..plan.plan import Kept
from ..recognise.block import block_of
from ..source import Source


@dataclass(frozen=True)
class Entry:
    """One weight: its key, the expression that makes it, and the statement in which that stands."""

    key: str
    value: ast.expr
    statement: ast.stmt


@dataclass(frozen=True)
class Making:
    """A dictionary of weights as it is made.

    `function` is the function that returns it, where one does. `statements` make it and nothing else: the first binds
    it, those after it add to it; `dropped` only say that it trains. `trains` whether any entry is said to.
    """

    name: str
    entries: tuple[Entry, ...]
    statements: tuple[ast.stmt, ...]
    dropped: tuple[ast.stmt, ...] = ()
    function: ast.FunctionDef | None = None
    inside: tuple[ast.AST, ...] = field(default=())  # names of the dictionary that belong to its making

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys, in the order of their making."""
        return tuple(entry.key for entry in self.entries)


def constant_key(node: ast.expr) -> str | None:
    """The key that a subscript says in so many words."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, int)) and not isinstance(node.value, bool):
        return str(node.value)
    return None


def literal_entries(node: ast.expr, statement: ast.stmt) -> tuple[Entry, ...] | None:
    """The entries of a display; None where it is none, or one that is not plain."""
    match node:
        case ast.Dict(keys=keys, values=values):
            names = [None if key is None else constant_key(key) for key in keys]
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            names, values = [keyword.arg for keyword in keywords], [keyword.value for keyword in keywords]
        case ast.List(elts=values) if values:
            names = [str(number) for number in range(len(values))]
        case _:
            return None
    if None in names or len(set(names)) != len(names) or any(isinstance(v, ast.Starred) for v in values):
        return None
    return tuple(Entry(name or "", value, statement) for name, value in zip(names, values, strict=True))


def returned_making(source: Source, function: ast.FunctionDef) -> Making | None:
    """The dictionary that a function of the file makes and returns; None where it does nothing of the kind.

    Raises Kept where it does, and its entries cannot be told.
    """
    returns = [node for node in ast.walk(function) if isinstance(node, ast.Return)]
    if len(returns) != 1 or returns[0] is not function.body[-1] or function.decorator_list:
        return None
    value = returns[0].value
    if value is None or isinstance(value, ast.List):
        return None
    entries = literal_entries(value, returns[0])
    if entries:
        return Making(function.name, entries, (returns[0],), function=function)
    said = trained_whole(value)
    name = value if isinstance(value, ast.Name) else said
    if name is None:
        return None
    first = _binding(source, name)
    if first is None or first not in function.body:
        return None
    inside = [node for node in ast.walk(value) if isinstance(node, ast.Name) and node.id == name.id]
    made = block_making(source, first, function.body)
    if made is None:
        return None
    own = {id(node) for node in made.inside}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == name.id and id(node) not in own:
            parent = source.parent(node)
            if isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load):
                raise Kept("NF287", parent, text=" ".join(source.says(source.statement(parent)).split())[:80])
    return Making(
        function.name,
        made.entries,
        (*made.statements, returns[0]),
        made.dropped,
        function,
        (*made.inside, *inside),
    )


def _binding(source: Source, name: ast.Name) -> ast.stmt | None:
    """The only statement that binds a name in its scope, if it is a plain assignment."""
    scope = source.scopes.scope_binding(name)
    stores = [
        node
        for node in source.every(ast.Name)
        if node.id == name.id and isinstance(node.ctx, ast.Store) and source.scopes.scope_binding(node) is scope
    ]
    statement = source.parent(stores[0]) if len(stores) == 1 else None
    return statement if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None


def bound_display(statement: ast.stmt) -> tuple[str, tuple[Entry, ...]] | None:
    """`params = {…}`: the name and the entries, which may be none yet."""
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ):
            entries = literal_entries(value, statement)
            return None if entries is None else (name, entries)
        case _:
            return None


def block_making(source: Source, first: ast.stmt, block: list[ast.stmt]) -> Making | None:
    """A dictionary that straight-line statements of one block make, beginning with `first`."""
    bound = bound_display(first)
    if bound is None:
        return None
    name, entries = bound
    found, statements, dropped = list(entries), [first], list[ast.stmt]()
    inside: list[ast.AST] = [node for node in ast.walk(first) if isinstance(node, ast.Name) and node.id == name]
    for statement in block[block.index(first) + 1 :]:
        own = [node for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id == name]
        match statement:
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=owner), slice=index)], value=value) if (
                owner == name
            ):
                key = constant_key(index)
                if key is None or key in {entry.key for entry in found} or len(own) != 1:
                    raise Kept("NF287", statement, text=source.says(statement))
                found.append(Entry(key, value, statement))
                statements.append(statement)
                inside += own
            case ast.For() if says_it_trains(statement, name):
                dropped.append(statement)
                inside += own
    if not found:
        return None
    return Making(name, tuple(found), tuple(statements), tuple(dropped), None, tuple(inside))


def says_it_trains(statement: ast.For, name: str) -> bool:
    """`for p in params.values(): p.requires_grad_()`, in its usual spellings, and nothing more."""
    if statement.orelse or len(statement.body) != 1:
        return False
    match statement.target, statement.iter:
        case ast.Name(id=tensor), ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr="values"), args=[]):
            said = tensor
        case ast.Tuple(elts=[ast.Name(), ast.Name(id=tensor)]), ast.Call(
            func=ast.Attribute(value=ast.Name(id=owner), attr="items"), args=[]
        ):
            said = tensor
        case ast.Name(id=key), ast.Name(id=owner):
            said = f"{owner}[{key}]"
        case _:
            return False
    text = ast.unparse(statement.body[0])
    wanted = {f"{said}.requires_grad_()", f"{said}.requires_grad_(True)", f"{said}.requires_grad = True"}
    return owner == name and text in wanted


def trained_whole(value: ast.expr) -> ast.Name | None:
    """`params` of `{k: v.requires_grad_() for k, v in params.items()}`, or with nn.Parameter(v)."""
    match value:
        case ast.DictComp(
            key=ast.Name(id=key),
            value=made,
            generators=[
                ast.comprehension(
                    target=ast.Tuple(elts=[ast.Name(id=first), ast.Name(id=second)]),
                    iter=ast.Call(func=ast.Attribute(value=ast.Name() as owner, attr="items"), args=[]),
                    ifs=[],
                )
            ],
        ) if key == first:
            texts = {f"{second}.requires_grad_()", f"{second}.requires_grad_(True)", second}
            texts |= {f"{prefix}Parameter({second})" for prefix in ("", "nn.", "torch.nn.")}
            return owner if ast.unparse(made) in texts else None
        case _:
            return None


def statements_of(source: Source, making: Making) -> Iterator[ast.stmt]:
    """What goes where the making goes."""
    yield from making.statements
    yield from making.dropped


def same_block(source: Source, statements: tuple[ast.stmt, ...]) -> bool:
    """Whether statements stand in one block."""
    return len({id(block_of(source, statement)) for statement in statements}) == 1
