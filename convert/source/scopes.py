"""What a name means where it stands: which names each scope binds, and which of them are imports.

Names that lie are never believed: a name that is bound twice with two meanings, re-bound in a nearer scope, declared
global and assigned, or possibly replaced by a later star import has no meaning here (`None`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SCOPES = (ast.ClassDef, *_FUNCTIONS, *_COMPREHENSIONS)

OTHER = "?"
"""The meaning of a binding that is no import."""


@dataclass
class Scope:
    """One scope while it is being read: name → the meanings it was given (dotted paths of imports, or OTHER)."""

    node: ast.AST
    parent: Scope | None
    bindings: dict[str, set[str]] = field(default_factory=dict)
    outward: set[str] = field(default_factory=set)  # global / nonlocal names

    def bind(self, name: str, meaning: str) -> None:
        self.bindings.setdefault(name, set()).add(meaning)


@dataclass(frozen=True)
class StarImport:
    """`from module import *` at a line of the file."""

    module: str
    line: int


class Scopes:
    """All scopes of a tree, every node's scope, and the meaning of names."""

    def __init__(self, tree: ast.Module, children: Callable[[ast.AST], Sequence[ast.AST]]) -> None:
        self._children = children
        self.root = Scope(tree, None)
        self.stars: list[StarImport] = []
        self.import_line: dict[str, int] = {}
        self._of: dict[ast.AST, Scope] = {tree: self.root}
        self._inner: dict[ast.AST, Scope] = {tree: self.root}
        self._read(tree, self.root)

    def meaning(self, name: str, at: ast.AST) -> str | None:
        """Dotted path that `name` stands for at a node whose scope is known, or None."""
        first = self.scope_of(at)
        scope: Scope | None = first
        while scope is not None:
            visible = not isinstance(scope.node, ast.ClassDef) or scope is first
            if visible and name in scope.bindings and name not in scope.outward:
                return self._settle(name, scope)
            scope = scope.parent
        return None

    def is_bound(self, name: str, at: ast.AST) -> bool:
        """Whether any scope around a node binds the name, whatever it means."""
        scope: Scope | None = self.scope_of(at)
        while scope is not None:
            if name in scope.bindings:
                return True
            scope = scope.parent
        return False

    def scope_binding(self, name: ast.Name, at: ast.AST | None = None) -> Scope | None:
        """The scope whose binding a name reads where it stands, or would read `at` another place."""
        scope: Scope | None = self.scope_of(at or name)
        first = scope
        while scope is not None:
            visible = not isinstance(scope.node, ast.ClassDef) or scope is first
            if visible and name.id in scope.bindings:
                return scope
            scope = scope.parent
        return None

    def scope_of(self, node: ast.AST) -> Scope:
        """The scope a node's names are looked up in."""
        return self._of[node]

    def adopt(self, node: ast.AST, scope: Scope) -> None:
        """Look the names of a node from elsewhere up in a scope."""
        self._of[node] = scope

    def inside(self, node: ast.AST) -> Scope:
        """The scope that a function, class, lambda or comprehension opens."""
        return self._inner[node]

    def meanings(self, name: str) -> set[str]:
        """What any scope gives the name: `{"math"}` where functions import it, and nothing else is called so."""
        return {meaning for scope in self._inner.values() for meaning in scope.bindings.get(name, ())}

    def all_names(self) -> set[str]:
        """Every name that any scope binds."""
        return {name for scope in self._inner.values() for name in scope.bindings}

    def _settle(self, name: str, scope: Scope) -> str | None:
        meanings = scope.bindings[name]
        if len(meanings) != 1 or OTHER in meanings:
            return None
        (path,) = meanings
        if scope is self.root:
            line = self.import_line.get(name, 0)
            if any(star.line > line and not _harmless(star.module, path) for star in self.stars):
                return None
        return path

    def _read(self, node: ast.AST, scope: Scope) -> None:
        """Walk a scope's own nodes, opening a new scope where one begins (iteratively: real trees are deep)."""
        work: list[tuple[ast.AST, Scope]] = [(child, scope) for child in self._children(node)]
        while work:
            child, here = work.pop()
            self._of[child] = here
            self._bind(child, here)
            if isinstance(child, _SCOPES):
                work.extend(self._open(child, here))
            else:
                work += [(grandchild, here) for grandchild in self._children(child)]

    def _open(self, node: ast.AST, outer: Scope) -> Iterator[tuple[ast.AST, Scope]]:
        """The children of a scope node with the scope each belongs to (decorators and defaults belong outside)."""
        inner = Scope(node, outer)
        self._inner[node] = inner
        inside: list[ast.AST] = []
        if isinstance(node, ast.Lambda):
            inside = [node.body]
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            inside = list(node.body)
        elif isinstance(node, _COMPREHENSIONS):
            first = node.generators[0]
            yield first.iter, outer  # the first iterable is evaluated outside
            self._of[first] = inner
            inside = [child for child in self._children(node) if child is not first]
            inside += [first.target, *first.ifs]
        if isinstance(node, _FUNCTIONS):
            for argument in ast.walk(node.args):
                if isinstance(argument, ast.arg):
                    inner.bind(argument.arg, OTHER)
        within = {id(child) for child in inside}
        for child in self._children(node):
            if id(child) not in within and not isinstance(child, ast.comprehension):
                yield child, outer
        for child in inside:
            yield child, inner

    def _bind(self, node: ast.AST, scope: Scope) -> None:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    self._bind_import(scope, bound, alias.name if alias.asname else bound, node.lineno)
            case ast.ImportFrom(module=module, names=names, level=level):
                origin = "." * level + (module or "")
                for alias in names:
                    if alias.name == "*":
                        self.stars.append(StarImport(origin, node.lineno))
                    else:
                        self._bind_import(scope, alias.asname or alias.name, f"{origin}.{alias.name}", node.lineno)
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                self._outward(scope, name).bind(name, OTHER)
            case ast.NamedExpr(target=ast.Name(id=name)):  # inside a comprehension it binds in the function around
                around: Scope | None = scope
                while around is not None and isinstance(around.node, _COMPREHENSIONS):
                    around = around.parent
                if around is not None:
                    self._outward(around, name).bind(name, OTHER)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                self._outward(scope, name).bind(name, OTHER)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                self._outward(scope, name).bind(name, OTHER)
            case ast.MatchMapping(rest=str(name)):
                self._outward(scope, name).bind(name, OTHER)
            case ast.Global(names=declared):
                for name in declared:  # whatever the function does to it, the module's name is no longer certain
                    scope.outward.add(name)
                    self.root.bind(name, OTHER)
            case ast.Nonlocal(names=declared):
                scope.outward.update(declared)
                outer = scope.parent
                while outer is not None and outer is not self.root:
                    for name in declared:
                        outer.bind(name, OTHER)
                    outer = outer.parent
            case _:
                pass

    def _bind_import(self, scope: Scope, bound: str, path: str, line: int) -> None:
        self._outward(scope, bound).bind(bound, path)
        if scope is self.root:
            self.import_line[bound] = max(line, self.import_line.get(bound, 0))

    def _outward(self, scope: Scope, name: str) -> Scope:
        return self.root if name in scope.outward else scope


def _harmless(star: str, path: str) -> bool:
    """A star import from torch brings torch's own names along: it leaves `torch`, `nn` and `F` what they are."""
    return star.partition(".")[0] == "torch" and path in {"torch", "torch.nn", "torch.nn.functional", "math"}
