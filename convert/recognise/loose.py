"""Layers without state outside of attributes: a local or a script's `criterion = nn.MSELoss()`, or `nn.ReLU()(x)`.

A binding is read where its name can mean nothing else: every read after it in its block, up to the next binding.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..ops import by_module
from ..source import Source
from .block import block_of
from .elsewhere import Elsewhere
from .literal import is_repeatable

_MOVES = frozenset({"to", "cuda", "cpu", "float", "double", "half", "eval", "train", "requires_grad_", "zero_grad"})
"""Methods of a module that give it back, and change nothing where it has no tensors and no mode."""

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_NAMES = frozenset({"globals", "locals", "vars", "eval", "exec", "dir"})


@dataclass(frozen=True)
class Loose:
    """A layer outside of an attribute: its constructor, what calls it, and the statements that do nothing else.

    `fault` says why it has to stay.
    """

    built: ast.Call
    calls: tuple[ast.Call, ...]
    statements: tuple[ast.stmt, ...] = ()
    fault: str | None = None


def loose_layers(source: Source, elsewhere: Elsewhere | None) -> Iterator[Loose]:
    """Every layer without tensors and mode that is called where it is made, or bound to a plain name."""
    for node in source.every(ast.Call):
        if not _is_plain(source, node):
            continue
        around = source.parent(node)
        if isinstance(around, ast.Call) and around.func is node:
            yield Loose(node, (around,))
            continue
        value, arguments = _moved(source, node)
        statement = source.parent(value)
        match statement:
            case ast.Assign(targets=[ast.Name() as target]) if statement.value is value:
                yield _bound(source, node, target, statement, arguments, elsewhere)


def _is_plain(source: Source, node: ast.Call) -> bool:
    pair = by_module.get(source.path_of(node.func) or "")
    return pair is not None and pair.stateless and pair.mode is None and bool(pair.function_path) and not pair.inner


def _moved(source: Source, node: ast.expr) -> tuple[ast.expr, list[ast.expr]]:
    """The expression with `.to(device)` and the like around it, and their arguments."""
    arguments: list[ast.expr] = []
    while True:
        around = source.parent(node)
        call = source.parent(around) if isinstance(around, ast.Attribute) else None
        if not (isinstance(around, ast.Attribute) and around.attr in _MOVES and isinstance(call, ast.Call)):
            return node, arguments
        if call.func is not around:
            return node, arguments
        arguments += [*call.args, *(keyword.value for keyword in call.keywords)]
        node = call


def _bound(
    source: Source,
    built: ast.Call,
    target: ast.Name,
    statement: ast.Assign,
    arguments: Sequence[ast.expr],
    elsewhere: Elsewhere | None,
) -> Loose:
    """A layer that a name is given to."""
    if not all(is_repeatable(source, argument) for argument in arguments):
        return Loose(built, (), fault="what it is moved to is computed there")
    reads = _reads(source, target, statement)
    if reads is None or _is_wanted(source, target, elsewhere):
        return Loose(built, (), fault=f"`{target.id}` may be read from elsewhere, or given something else")
    calls: list[ast.Call] = []
    gone: list[ast.stmt] = [statement]
    for read in reads:
        value, more = _moved(source, read)
        around = source.parent(value)
        if isinstance(around, ast.Call) and around.func is value and value is read:
            calls.append(around)
        elif _only_moves(source, around, read, value) and all(is_repeatable(source, one) for one in more):
            gone.append(source.statement(value))
        else:
            text = " ".join(source.says(around if isinstance(around, ast.expr) else read).split())[:60]
            return Loose(built, (), fault=f"`{target.id}` is more than called on line {read.lineno}: `{text}`")
    if not calls:
        return Loose(built, (), fault=f"nothing calls `{target.id}`")
    if not _is_inner(source, target) and not _is_script(source, calls):
        return Loose(built, (), fault=f"a file that imports this one may want `{target.id}`")
    return Loose(built, tuple(calls), tuple(gone))


def _only_moves(source: Source, around: ast.AST | None, read: ast.Name, value: ast.expr) -> bool:
    """`criterion.cuda()` as a statement, or `criterion = criterion.to(device)`."""
    if value is read:
        return False
    match around:
        case ast.Expr():
            return True
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name == read.id
        case _:
            return False


def _moves_itself(source: Source, store: ast.Name) -> bool:
    """Whether a binding gives a name what it has, moved."""
    own = source.parent(store)
    if not (isinstance(own, ast.Assign) and own.targets == [store]):
        return False
    inner = own.value
    while isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr in _MOVES:
        inner = inner.func.value
    return inner is not own.value and isinstance(inner, ast.Name) and inner.id == store.id


def _reads(source: Source, target: ast.Name, statement: ast.Assign) -> list[ast.Name] | None:
    """The reads that mean this binding; None where one may mean this or another."""
    scope = source.scopes.scope_binding(target)
    if scope is None or isinstance(scope.node, ast.ClassDef) or scope.bindings[target.id] != {"?"}:
        return None
    if is_declared(source, target.id):
        return None
    arguments = scope.node.args if isinstance(scope.node, _FUNCTIONS) else None
    if arguments is not None and any(isinstance(a, ast.arg) and a.arg == target.id for a in ast.walk(arguments)):
        return None
    if target.id in source.definitions or _is_caught(source, target.id):
        return None
    mine = [name for name in source.stores.get(target.id, ()) if source.scopes.scope_binding(name) is scope]
    mine = [name for name in mine if not _moves_itself(source, name)]
    reads = [name for name in source.reads.get(target.id, ()) if source.scopes.scope_binding(name) is scope]
    if len(mine) == 1:
        return None if in_loop(source, statement, scope.node) else reads
    return _of_region(source, statement, mine, reads, scope.node)


def _is_caught(source: Source, name: str) -> bool:
    """Whether an exception or a case binds the name."""
    kinds: list[ast.AST] = [*source.every(ast.ExceptHandler), *source.every(ast.MatchAs), *source.every(ast.MatchStar)]
    kinds += source.every(ast.MatchMapping)
    return any(name in (getattr(kind, "name", None), getattr(kind, "rest", None)) for kind in kinds)


def is_declared(source: Source, name: str) -> bool:
    """Whether some function says that a name is not its own."""
    declarations: list[ast.Global | ast.Nonlocal] = [*source.every(ast.Global), *source.every(ast.Nonlocal)]
    return any(name in declaration.names for declaration in declarations)


def _of_region(
    source: Source, statement: ast.Assign, stores: Sequence[ast.Name], reads: Sequence[ast.Name], function: ast.AST
) -> list[ast.Name] | None:
    """Where a name is bound in several blocks: the reads below this binding, if none of them can mean another."""
    regions: list[list[ast.stmt]] = []
    owns: list[ast.stmt] = []
    for store in stores:
        own = source.parent(store)
        if not (isinstance(own, ast.Assign) and own.targets == [store]):
            return None
        block = block_of(source, own)
        region = block[block.index(own) + 1 :]
        cut = next((place for place, one in enumerate(region) if _binds(one, stores)), len(region))
        if cut < len(region) and not (isinstance(region[cut], ast.Assign) and _binds_itself(region[cut], stores)):
            return None  # a block further in may bind it anew
        regions.append(region[:cut])
        owns.append(own)
    found: list[ast.Name] = []
    for read in reads:
        inside = [own for own, region in zip(owns, regions, strict=True) if _is_in(source, read, region, function)]
        if len(inside) != 1:
            return None
        found += [read] if inside[0] is statement else []
    return found


def _binds(statement: ast.stmt, stores: Sequence[ast.Name]) -> bool:
    return any(node in stores for node in ast.walk(statement) if isinstance(node, ast.Name))


def _binds_itself(statement: ast.stmt, stores: Sequence[ast.Name]) -> bool:
    return isinstance(statement, ast.Assign) and len(statement.targets) == 1 and statement.targets[0] in stores


def _is_in(source: Source, node: ast.AST, region: Sequence[ast.stmt], function: ast.AST) -> bool:
    """Whether a node runs with these statements: no function in between that may run later."""
    for around in source.ancestors(node):
        if around in region:
            return True
        if around is function or isinstance(around, (*_FUNCTIONS, ast.GeneratorExp)):
            return False
    return False


def in_loop(source: Source, node: ast.AST, function: ast.AST) -> bool:
    """Whether a node may run several times while a function, or the script, runs once."""
    for around in source.ancestors(node):
        if around is function:
            return False
        if isinstance(around, _LOOPS):
            return True
    return False


def _is_inner(source: Source, target: ast.Name) -> bool:
    """Whether the name is a local of a function."""
    scope = source.scopes.scope_binding(target)
    return scope is not None and scope.parent is not None


def _is_script(source: Source, calls: Sequence[ast.Call]) -> bool:
    """Whether the file does its work itself: it calls the layer as it runs, or has a main block."""
    return "__main__" in source.text or any(source.scopes.scope_of(call) is source.scopes.root for call in calls)


def _is_wanted(source: Source, target: ast.Name, elsewhere: Elsewhere | None) -> bool:
    """Whether something besides plain reads may ask for the name."""
    if any(isinstance(call.func, ast.Name) and call.func.id in _NAMES for call in source.every(ast.Call)):
        return True
    if _is_inner(source, target):
        return False
    if any(node.value == target.id for node in source.every(ast.Constant)):
        return True  # __all__, getattr
    if any(star.line > target.lineno for star in source.scopes.stars):
        return True
    return elsewhere is not None and (target.id in elsewhere.names or target.id in elsewhere.attributes)
