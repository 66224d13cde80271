"""Parts of a constructor: the statements that some names depend on, in order, without those that they do not.

`self.dim = 4 * heads` is needed by forward as `dim = 4 * heads`; what only makes parameters is not.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..plan.edits import Hole, Line, Part, line
from ..recognise.model import Model
from .shape import refusal

_RANDOM = re.compile(
    r"rand|normal|bernoulli|multinomial|poisson|seed|load|save|dropout|uniform|exponential|shuffle|choice"
)
_FILLS = {f"torch.nn.init.{name}" for name in ("zeros_", "ones_", "constant_", "eye_")}
_BUILTINS = frozenset(
    """
    int float bool str len max min abs round tuple list range sum sorted zip enumerate set dict reversed divmod pow
    isinstance all any getattr hasattr slice type
    """.split()  # noqa: SIM905
)

_INNER = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)


@dataclass(frozen=True)
class Branch:
    """What is left of an `if`."""

    node: ast.If
    body: tuple[Chosen, ...]
    orelse: tuple[Chosen, ...]


Chosen = ast.stmt | Branch


@dataclass(frozen=True)
class Slicer:
    """The constructor of one class.

    `locals`: setting → the name it has in functions, and tensor → `self.…`. `silent` are statements that no function
    needs: those that only keep an argument (`self.p = p`: the name stays the argument's own), and those that say None.
    """

    model: Model
    locals: Mapping[str, str]
    silent: frozenset[ast.stmt]

    def slice(
        self,
        statements: Sequence[ast.stmt],
        need: set[str],
        is_root: Callable[[ast.stmt], bool] = lambda _: False,
        *,
        again: bool = True,
    ) -> tuple[tuple[Chosen, ...], set[str]]:
        """The roots and all that gives `need` and them their names, and what these need from before.

        `again` for a function besides the one that runs the constructor's effects. Raises Kept where that would differ.
        """
        chosen: list[Chosen] = []
        need = set(need)
        for statement in reversed(statements):
            if isinstance(statement, ast.If):
                body, in_body = self.slice(statement.body, need, is_root, again=again)
                orelse, in_orelse = self.slice(statement.orelse, need, is_root, again=again)
                if body or orelse:
                    if again and not self.is_plain(statement.test):
                        raise refusal(statement, "a test of its __init__ would have to run in several functions")
                    chosen.insert(0, Branch(statement, body, orelse))
                    need |= in_body | in_orelse | self.reads(statement.test)
                continue
            if statement in self.silent:
                continue
            root = is_root(statement)
            if not root and not (self.binds(statement) & need):
                continue
            if not root and not self.is_quiet(statement):
                raise refusal(statement, f"`{self._says(statement)}` would have to run in several functions")
            chosen.insert(0, statement)
            need -= self._certain(statement)
            need |= self.reads(statement)
        return tuple(chosen), need

    def binds(self, node: ast.AST) -> set[str]:
        """Names that a statement gives a value, or whose inside it changes."""
        found: set[str] = set()
        for inner in ast.walk(node):
            match inner:
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()) if not self._is_inner(inner):
                    found.add(name)
                case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
                    found |= self._root(inner)
                case ast.FunctionDef(name=name):
                    found.add(name)
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner))):
                    found |= self._root(owner)
                case _:
                    continue
        found |= {f"self.{name}" for name in self._registered(node)}
        return found - {self._self}

    def _is_inner(self, name: ast.Name) -> bool:
        """Whether a name is given by a comprehension or lambda, for its own use."""
        home = self.model.source.scopes.scope_binding(name)
        return home is not None and isinstance(home.node, _INNER)

    @property
    def _self(self) -> str:
        return (self.model.init.self_name if self.model.init is not None else None) or ""

    def _registered(self, node: ast.AST) -> Iterator[str]:
        """Attributes that a statement registers: `self.register_buffer("x", …)`."""
        for attribute in self.model.attributes.values():
            if any(one.statement is node and one.call is not None for one in attribute.definitions):
                yield attribute.name

    def reads(self, node: ast.AST) -> set[str]:
        """Names that an expression or statement reads, settings under the names they have in functions."""
        found: set[str] = set()
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name):
                found |= set() if self._is_inner(inner) else {inner.id}
            elif (name := self.model.self_attribute(inner)) is not None and name in self.locals:
                found.add(self.locals[name])
        return found - {self._self}

    def is_quiet(self, statement: ast.stmt) -> bool:
        """Whether a statement may run again elsewhere: it draws no numbers, and does nothing but give names a value."""
        if not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)):
            return False
        return all(self._is_quiet_call(call) for call in ast.walk(statement) if isinstance(call, ast.Call))

    def is_plain(self, node: ast.expr) -> bool:
        """Whether an expression may be evaluated again."""
        return all(self._is_quiet_call(call) for call in ast.walk(node) if isinstance(call, ast.Call))

    def _is_quiet_call(self, call: ast.Call) -> bool:
        source = self.model.source
        path = source.path_of(call.func)
        if path in _FILLS:
            return True
        if path is not None:
            return path.partition(".")[0] in {"torch", "math", "numpy"} and not (
                _RANDOM.search(path) or path.startswith("torch.nn.")
            )
        match call.func:
            case ast.Attribute(attr="register_buffer"):
                return True
            case ast.Name(id=name):
                return name in _BUILTINS and not source.scopes.is_bound(name, call)
            case ast.Attribute(value=ast.Name() | ast.Call() | ast.Subscript() | ast.Attribute(), attr=attr):
                return not _RANDOM.search(attr) and not self.model.self_attribute(call.func)
            case _:
                return False

    def _certain(self, statement: ast.stmt) -> set[str]:
        """Names that a statement gives a wholly new value."""
        match statement:
            case ast.Assign(targets=targets):
                return {name for target in targets for name in self._plain_targets(target)}
            case ast.AnnAssign(target=target, value=ast.expr()):
                return set(self._plain_targets(target))
            case _:
                return set()

    def _plain_targets(self, target: ast.expr) -> Iterator[str]:
        match target:
            case ast.Name(id=name):
                yield name
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                for element in elements:
                    yield from self._plain_targets(element)
            case ast.Attribute():
                yield from self._root(target)
            case _:
                return

    def _root(self, node: ast.AST) -> set[str]:
        """The name whose inside an expression is: `pe` of `pe[:, 0]`."""
        while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
            if (name := self.model.self_attribute(node)) is not None:
                return {self.locals[name]} if name in self.locals else {f"self.{name}"}
            node = node.func if isinstance(node, ast.Call) else node.value
        return {node.id} if isinstance(node, ast.Name) else set()

    def _says(self, node: ast.stmt) -> str:
        return " ".join(self.model.source.says(node).split())[:80]

    def lines(
        self, chosen: Sequence[Chosen], special: Callable[[ast.stmt], Sequence[Line] | None], depth: int = 0
    ) -> Iterator[Line]:
        """The statements as lines of a function; `special` says how a statement reads that is not a plain setting."""
        for one in chosen:
            if isinstance(one, Branch):
                yield line("if ", Hole(one.node.test), ":", depth=depth)
                yield from self.lines(one.body, special, depth + 1) if one.body else (line("pass", depth=depth + 1),)
                if one.orelse:
                    yield line("else:", depth=depth)
                    yield from self.lines(one.orelse, special, depth + 1)
                continue
            given = special(one)
            for row in given if given is not None else (line(*_plain_parts(one)),):
                yield Line(row.parts, row.depth + depth)


def simple(chosen: Iterable[Chosen]) -> Iterator[ast.stmt]:
    """The statements that are left, those below `if` one by one."""
    for one in chosen:
        if isinstance(one, ast.stmt):
            yield one
        else:
            yield from simple((*one.body, *one.orelse))


def leaves(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements, those below `if` one by one."""
    for one in statements:
        if isinstance(one, ast.If):
            yield from leaves([*one.body, *one.orelse])
        else:
            yield one


def _plain_parts(statement: ast.stmt) -> tuple[Part, ...]:
    """A simple statement as parts that are rendered with the edits inside them."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            return (*(part for target in targets for part in (Hole(target), " = ")), Hole(value))
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            return Hole(target), " = ", Hole(value)
        case ast.AugAssign(target=target, op=op, value=value):
            return Hole(target), f" {_OPERATORS[type(op)]}= ", Hole(value)
        case ast.Expr(value=value):
            return (Hole(value),)
        case _:
            raise refusal(statement, "a statement of its __init__ would have to run in several functions")


_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}
