"""A file as the rest of the tool sees it: text, syntax tree, parents, resolved names, comments.

Every later stage asks a Source what a node says (`text`), where it stands (`span`) and what it means (`path`).
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
import warnings
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, TypeVar

from ..diagnostics import Diagnostic
from ..outcome import CannotRead
from .lines import Lines, Span
from .literal import is_literal
from .scopes import Scopes

Node = TypeVar("Node", bound=ast.AST)

_PARTS = (ast.expr, ast.keyword)

DEEPEST = 3000
"""Levels of a tree; Python from 3.11 on refuses about as many by itself."""

_ALIASES = {
    "torch.nn.parameter.Parameter": "torch.nn.Parameter",
    "torch.nn.parameter.Buffer": "torch.nn.Buffer",
}


class _Index(NamedTuple):
    parents: dict[ast.AST, ast.AST]
    by_kind: dict[type[ast.AST], list[ast.AST]]
    children: dict[ast.AST, list[ast.AST]]


class Source:
    """One parsed file. Raises CannotRead when the text is not Python."""

    def __init__(self, text: str, path: str = "<string>") -> None:
        self.text = text
        self.path = path
        self.tree = _parse(text)
        self.lines = Lines(text)
        self._grafts: dict[ast.AST, tuple[str, ast.expr]] = {}

    @cached_property
    def _index(self) -> _Index:
        """One walk over the whole tree, for parents, children and nodes by kind: everybody else asks for them."""
        parents: dict[ast.AST, ast.AST] = {}
        by_kind: dict[type[ast.AST], list[ast.AST]] = {}
        children: dict[ast.AST, list[ast.AST]] = {}
        work: list[ast.AST] = [self.tree]
        for node in work:
            by_kind.setdefault(type(node), []).append(node)
            inside = children[node] = []
            for name in node._fields:
                if name == "ctx":
                    continue  # Load and Store are shared by all nodes
                value = getattr(node, name, None)
                for child in value if isinstance(value, list) else (value,):
                    if isinstance(child, ast.AST):
                        parents[child] = node
                        inside.append(child)
            work += inside
        return _Index(parents, by_kind, children)

    @property
    def _parents(self) -> dict[ast.AST, ast.AST]:
        return self._index.parents

    def children(self, node: ast.AST) -> Sequence[ast.AST]:
        """The nodes directly inside one of the file, in the order of its fields."""
        return self._index.children[node]

    def walk(self, root: ast.AST) -> list[ast.AST]:
        """A node and all inside it, as ast.walk has them; several times as fast, where the node is of the file."""
        children = self._index.children
        if root not in children:
            return list(ast.walk(root))
        found = [root]
        for node in found:
            found += children[node]
        return found

    def every(self, *kinds: type[Node]) -> Iterator[Node]:
        """All nodes of these kinds in the file, kind by kind, outer before inner."""
        for kind in kinds:
            yield from self._index.by_kind.get(kind, ())  # type: ignore[misc]

    @cached_property
    def scopes(self) -> Scopes:
        """What names mean, scope by scope."""
        return Scopes(self.tree, self.children)

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node that holds this one."""
        return self._parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around this one, nearest first."""
        around = self._parents.get(node)
        while around is not None:
            yield around
            around = self._parents.get(around)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that holds the node, or the node itself."""
        while not isinstance(node, ast.stmt):
            node = self._parents[node]
        return node

    def span(self, node: ast.AST) -> Span:
        """Where the node stands in the text."""
        return self.lines.span(node)

    def inside_brackets(self, call: ast.Call) -> Span:
        """What stands between the brackets of a call."""
        return Span(self.text.index("(", self.span(call.func).end) + 1, self.span(call).end - 1)

    def says(self, node: ast.AST) -> str:
        """The node's own text; of one that holds comments only the code, since they find a place of their own."""
        if node in self._grafts:
            return self._grafts[node][0]
        span = self.span(node)
        return ast.unparse(node) if self.comments_in(span) else self.text[span.start : span.end]

    def graft(self, text: str, at: ast.expr) -> ast.expr:
        """An expression that is written nowhere and stands for one of the file: its place and its names' scope.

        It opens no scope of its own: no lambda, no comprehension.
        """
        text = f"({text})"  # it may run over several lines
        tree = ast.parse(text, mode="eval").body
        lines = Lines(text)
        scope = self.scopes.scope_of(at)
        parents = self._index.parents
        for node in ast.walk(tree):
            self.scopes.adopt(node, scope)
            if isinstance(node, _PARTS):
                span = lines.span(node)
                self._grafts[node] = text[span.start : span.end], at
                parents |= {child: node for child in ast.iter_child_nodes(node) if isinstance(child, _PARTS)}
        for node in ast.walk(tree):
            if isinstance(node, _PARTS):
                ast.copy_location(node, at)
        parents[tree] = parents[at]
        return tree

    def origin(self, node: ast.AST) -> ast.AST:
        """The expression of the file that a grafted one stands for; any other node itself."""
        return self._grafts[node][1] if node in self._grafts else node

    def path_of(self, node: ast.AST, at: ast.AST | None = None) -> str | None:
        """The torch name an expression means, `torch.nn.functional.relu` for `F.relu`; None if it is not certain.

        `at`: where the expression is to be read, if not where it stands.
        """
        names: list[str] = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        root = self.scopes.meaning(node.id, at or node)
        if root is None:
            return None
        path = canonical(".".join([root, *reversed(names)]))
        return None if self._is_patched(path) else path

    def _is_patched(self, path: str) -> bool:
        return bool(self.patched) and any(path == p or path.startswith(p + ".") for p in self.patched)

    @cached_property
    def patched(self) -> frozenset[str]:
        """Torch names that the file itself assigns to (`F.relu = mine`): they no longer mean what torch says."""
        found = set()
        for node in self.every(ast.Attribute):
            if not isinstance(node.ctx, ast.Load):
                found.add(self._raw_path(node))
        for call in self.every(ast.Call):
            if isinstance(call.func, ast.Name) and call.func.id == "setattr":
                found.add(self._raw_path(call.args[0]) if call.args else None)
        return frozenset(canonical(path) for path in found if path is not None and path.startswith("torch"))

    def _raw_path(self, node: ast.AST) -> str | None:
        names: list[str] = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        root = self.scopes.meaning(node.id, node)
        return None if root is None else ".".join([root, *reversed(names)])

    @cached_property
    def constants(self) -> frozenset[str]:
        """Names that the module's own body binds exactly once, to a literal."""
        stores: dict[str, int] = {}
        for node in self.every(ast.Name):
            if not isinstance(node.ctx, ast.Load):
                stores[node.id] = stores.get(node.id, 0) + 1
        for declaration in self.every(ast.Global):
            for name in declaration.names:
                stores[name] = stores.get(name, 0) + 2
        return frozenset(
            target.id
            for statement in self.tree.body
            if isinstance(statement, ast.Assign) and is_literal(statement.value)
            for target in statement.targets
            if isinstance(target, ast.Name) and stores[target.id] == 1
        )

    @property
    def stores(self) -> dict[str, list[ast.Name]]:
        """The places that bind or delete a plain name, by that name."""
        return self._names[0]

    @property
    def reads(self) -> dict[str, list[ast.Name]]:
        """The places that read a plain name, by that name."""
        return self._names[1]

    @cached_property
    def _names(self) -> tuple[dict[str, list[ast.Name]], dict[str, list[ast.Name]]]:
        stores: dict[str, list[ast.Name]] = {}
        reads: dict[str, list[ast.Name]] = {}
        for node in self.every(ast.Name):
            found = reads if isinstance(node.ctx, ast.Load) else stores
            found.setdefault(node.id, []).append(node)
        return stores, reads

    @cached_property
    def definitions(self) -> dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
        """The functions and classes of the file by their names."""
        found: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]] = {}
        every: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef] = []
        every += [*self.every(ast.FunctionDef), *self.every(ast.AsyncFunctionDef)]
        for node in (*every, *self.every(ast.ClassDef)):
            found.setdefault(node.name, []).append(node)
        return found

    @cached_property
    def comments(self) -> tuple[tuple[Span, str], ...]:
        """Every comment with its place."""
        found = []
        rows = io.StringIO(self.text, newline="").readline
        starts = self.lines
        for token in tokenize.generate_tokens(rows):
            if token.type == tokenize.COMMENT:
                start = starts.line_span(token.start[0]).start + token.start[1]
                found.append((Span(start, start + len(token.string)), token.string))
        return tuple(found)

    def comments_in(self, span: Span) -> list[tuple[Span, str]]:
        """The comments inside a range."""
        if "#" not in self.text[span.start : span.end]:
            return []
        return [(place, text) for place, text in self.comments if span.holds(place)]

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name that the file binds or reads anywhere."""
        read = {node.id for node in self.every(ast.Name)}
        return frozenset(read | self.scopes.all_names())

    @cached_property
    def indent_unit(self) -> str:
        """One level of indentation as this file writes it."""
        for node in self.tree.body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                unit = self.lines.indentation(node.body[0].lineno)
                if unit and node.body[0].lineno > node.lineno:
                    return unit
        return "    "


def canonical(path: str) -> str:
    """One spelling for each torch name: `torch.nn.modules.conv.Conv2d` is `torch.nn.Conv2d`."""
    name = path.rpartition(".")[2]
    if path.startswith("torch.nn.modules.") and name[:1].isupper():
        return f"torch.nn.{name}"
    return _ALIASES.get(path, path)


def _levels(tree: ast.AST) -> int:
    """How deep a tree is, up to one more than DEEPEST."""
    level, count = [tree], 0
    while level and count <= DEEPEST:
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        count += 1
    return count


def _parse(text: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in the user's file are not ours to report
            tree = ast.parse(text)
        if sys.version_info < (3, 11) and _levels(tree) > DEEPEST:
            raise RecursionError
        return tree
    except SyntaxError as error:
        reason = f"not valid Python: {error.msg}"
        raise CannotRead(Diagnostic("NF101", error.lineno or 1, max((error.offset or 1) - 1, 0), reason)) from None
    except ValueError as error:  # null bytes, lone surrogates
        raise CannotRead(Diagnostic("NF101", 1, 0, f"not valid Python: {error}")) from None
    except (RecursionError, MemoryError):
        raise CannotRead(Diagnostic("NF102", 1, 0, "the expressions are nested too deeply to be parsed")) from None
