"""To which kinds of layer the body of a walk does anything at all: the others may go, and the walk does the same.

`if isinstance(m, nn.Conv2d): …` or `elif hasattr(m, "switch_to_deploy"): …` passes by every linear layer.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from ..ops import by_module
from ..ops.recurrent import RECURRENT
from ..source import Source
from .answers import ASKED, Answers
from .class_names import is_class_name
from .functions import called_function
from .kinds import kinds_in

BARE, HOLDING = "torch.nn.Module", "torch.nn.Module with tensors"
"""What stands at the place of a layer in a container, once it has become functions: without tensors, and with."""

UNIVERSE = frozenset(
    {*by_module, *RECURRENT, BARE, HOLDING, "torch.nn.Sequential", "torch.nn.ModuleList", "torch.nn.ModuleDict"}
)
"""The kinds of module that a rewriting may take away from a walk, or set before it."""

Kinds = frozenset[str]

_NONE: Kinds = frozenset()
_PURE_BUILTINS = frozenset(
    "all any bool float getattr hasattr int isinstance issubclass len list max min range set str sum tuple type".split()  # noqa: SIM905
)
_PURE_METHODS = frozenset(
    "dim size numel nelement find index count startswith endswith lower upper split partition rpartition get".split()  # noqa: SIM905
)
_DEEP = 3


class Touch:
    """Runs the body of a walk for all kinds at once, and collects those that it does something to.

    `name` is what the walk calls a module. In a `loop`, `continue` goes on to the next one; in a function, `return`.
    """

    def __init__(self, source: Source, answers: Answers, name: str, *, loop: bool, depth: int = 0) -> None:
        self.source = source
        self.answers = answers
        self.name = name
        self.loop = loop
        self.depth = depth
        self.types: set[str] = set()
        self.named: set[str] = set()
        self.touched: Kinds = _NONE

    def run(self, body: Sequence[ast.stmt], kinds: Kinds = UNIVERSE) -> Kinds:
        """The kinds that come to the end of a body."""
        for statement in body:
            if not kinds:
                break
            kinds = self._step(statement, kinds)
        return kinds

    def _step(self, statement: ast.stmt, kinds: Kinds) -> Kinds:
        match statement:
            case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom():
                return kinds
            case ast.If(test=test, body=body, orelse=orelse):
                yes, no = self.split(test, kinds)
                return self.run(body, yes) | self.run(orelse, no)
            case ast.With(items=items, body=body) if all(self._is_guard(item) for item in items):
                return self.run(body, kinds)
            case ast.Continue() if self.loop:
                return _NONE
            case ast.Return(value=None | ast.Constant(value=None)) if not self.loop:
                return _NONE
            case ast.Assign(targets=[ast.Name() as target], value=value) if self.is_own_local(target):
                if self._is_type(value):
                    self.types.add(target.id)
                return kinds if self.is_pure(value) else self._meet(kinds)
            case ast.FunctionDef(decorator_list=[], args=args) if all(map(self.is_pure, _defaults(args))):
                return kinds
            case ast.Expr(value=ast.Call() as call) if self._calls_function(call, kinds):
                return kinds
            case _:
                return self._meet(kinds)

    def _meet(self, kinds: Kinds) -> Kinds:
        self.touched |= kinds
        return kinds

    def split(self, test: ast.expr, kinds: Kinds) -> tuple[Kinds, Kinds]:
        """The kinds that may pass a test, and those that may fail it."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yes, no = self.split(operand, kinds)
                return no, yes
            case ast.BoolOp(op=ast.And(), values=values):
                failed = _NONE
                for value in values:
                    kinds, no = self.split(value, kinds)
                    failed |= no
                return kinds, failed
            case ast.BoolOp(values=values):
                passed = _NONE
                for value in values:
                    yes, kinds = self.split(value, kinds)
                    passed |= yes
                return passed, kinds
            case _:
                return self._ask(test, kinds)

    def _ask(self, test: ast.expr, kinds: Kinds) -> tuple[Kinds, Kinds]:
        match test:
            case ast.Constant(value=bool(value)):
                return (kinds, _NONE) if value else (_NONE, kinds)
            case ast.Call(func=ast.Name(id="isinstance") as func, args=[ast.Name(id=self.name), given], keywords=[]):
                exact = None if self._is_bound(func) else kinds_in(self.source, given, bases=True)
                return self._among(exact, kinds)
            case ast.Call(func=ast.Name(id="hasattr" | "getattr") as func, args=[ast.Name(id=self.name), asked, *rest]):
                return self._answer(func, asked, rest, kinds)
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                swap = isinstance(operator, (ast.NotEq, ast.IsNot, ast.NotIn))
                found = self._compared(left, operator, right)
                yes, no = self._unknown(test, kinds) if found is None else (kinds & found, kinds - found)
                return (no, yes) if swap and found is not None else (yes, no)
            case ast.Call(func=ast.Attribute(value=value, attr="startswith" | "endswith" as how), args=[given]) if (
                is_class_name(self.source, self.name, value)
                and isinstance(given, ast.Constant)
                and isinstance(given.value, str)
            ):
                found = {kind for kind in UNIVERSE if getattr(_name(kind), how)(given.value)}
                return kinds & found, kinds - found
            case _:
                return self._unknown(test, kinds)

    def _among(self, exact: list[str] | None, kinds: Kinds) -> tuple[Kinds, Kinds]:
        return (kinds, kinds) if exact is None else (kinds & set(exact), kinds - set(exact))

    def _answer(self, func: ast.Name, asked: ast.expr, rest: list[ast.expr], kinds: Kinds) -> tuple[Kinds, Kinds]:
        """`hasattr(m, "weight")`, `getattr(m, "flag", False)`."""
        if self._is_bound(func) or not (isinstance(asked, ast.Constant) and isinstance(asked.value, str)):
            return self._unknown(asked, kinds)
        without = frozenset(kind for kind in kinds if self.answers.lacks(kind, asked.value))
        if BARE in kinds and asked.value in ASKED:
            without |= {BARE}
        if func.id == "hasattr":
            having = frozenset(kind for kind in kinds if self.answers.has(kind, asked.value))
            return kinds - without, kinds - having
        match rest:
            case [ast.Constant(value=default)] if not default:
                return kinds - without, kinds
            case _:
                return kinds, kinds

    def _compared(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> set[str] | None:
        """The kinds for which a comparison holds, or for `!=`, `is not`, `not in` does not; None if that is unclear."""
        if self._is_type(left) and isinstance(operator, (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)):
            exact = kinds_in(self.source, right)
            return None if exact is None else set(exact)
        if is_class_name(self.source, self.name, left):
            names = _strings(right)
            if names is None:
                return None
            if isinstance(operator, (ast.Eq, ast.NotEq)) and isinstance(right, ast.Constant):
                return {kind for kind in UNIVERSE if _name(kind) in names}
            if isinstance(operator, (ast.In, ast.NotIn)) and not isinstance(right, ast.Constant):
                return {kind for kind in UNIVERSE if _name(kind) in names}
            return None
        return self._found_in_name(left, operator, right)

    def _found_in_name(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> set[str] | None:
        """`"Conv" in classname`, `classname.find("Conv") != -1`."""
        match left, operator, right:
            case ast.Constant(value=str(text)), ast.In() | ast.NotIn(), _ if is_class_name(
                self.source, self.name, right
            ):
                return {kind for kind in UNIVERSE if text in _name(kind)}
            case (
                ast.Call(func=ast.Attribute(value=value, attr="find"), args=[ast.Constant(value=str(text))]),
                ast.NotEq() | ast.Eq() | ast.Gt(),
                ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)),
            ) if is_class_name(self.source, self.name, value):
                holds = isinstance(operator, ast.Gt)  # `!= -1` is asked for by what fails `== -1`
                return {kind for kind in UNIVERSE if (text in _name(kind)) == holds}
            case _:
                return None

    def _unknown(self, test: ast.expr, kinds: Kinds) -> tuple[Kinds, Kinds]:
        if not self.is_pure(test):
            self.touched |= kinds
        return kinds, kinds

    def is_pure(self, node: ast.expr) -> bool:
        """Whether evaluating an expression changes nothing, whatever module the walk is at."""
        for inner in self.source.walk(node):
            match inner:
                case ast.Call(func=ast.Name(id=called) as func):
                    if called not in _PURE_BUILTINS or self._is_bound(func):
                        return False
                case ast.Call(func=func):
                    path = self.source.path_of(func) or ""
                    plain = isinstance(func, ast.Attribute) and func.attr in _PURE_METHODS
                    if not plain and not path.startswith("math."):
                        return False
                case ast.NamedExpr() | ast.Await() | ast.Yield() | ast.YieldFrom() | ast.Lambda():
                    return False
                case _:
                    pass
        return True

    def _is_guard(self, item: ast.withitem) -> bool:
        """`with torch.no_grad():`, which changes nothing for a layer that nothing is done to."""
        call = item.context_expr
        return (
            isinstance(call, ast.Call)
            and self.source.path_of(call.func) in {"torch.no_grad", "torch.enable_grad", "torch.inference_mode"}
            and not call.args
        )

    def _is_type(self, node: ast.expr) -> bool:
        match node:
            case ast.Call(func=ast.Name(id="type") as func, args=[ast.Name(id=self.name)]):
                return not self._is_bound(func)
            case ast.Attribute(value=ast.Name(id=self.name), attr="__class__"):
                return True
            case ast.Name(id=name):
                return name in self.types
            case _:
                return False

    def _is_bound(self, name: ast.Name) -> bool:
        return self.source.scopes.is_bound(name.id, name)

    def is_own_local(self, target: ast.Name) -> bool:
        """A name that the body gives a value at one place, and that is read within it alone."""
        scopes = self.source.scopes
        scope = scopes.scope_binding(target)
        stores = [store for store in self.source.stores[target.id] if scopes.scope_binding(store) is scope]
        if target.id == self.name or len(stores) != 1:
            return False
        home: ast.AST | None = target
        ends = (ast.For,) if self.loop else (ast.FunctionDef,)
        while home is not None and not isinstance(home, ends):
            home = self.source.parent(home)
        inside = set() if home is None else set(self.source.walk(home))
        reads = (read for read in self.source.reads.get(target.id, ()) if scopes.scope_binding(read) is scope)
        return all(read in inside for read in reads)

    def _calls_function(self, call: ast.Call, kinds: Kinds) -> bool:
        """`init_layer(m)`, a function of the file with this one argument: its body is run too."""
        match call:
            case ast.Call(args=[ast.Name(id=self.name)]):
                found = called_function(self.source, call)
            case _:
                return False
        if found is None or self.depth >= _DEEP:
            return False
        inner = Touch(self.source, self.answers, found[0], loop=False, depth=self.depth + 1)
        inner.run(found[1], kinds)
        self.touched |= inner.touched
        return True


def _defaults(args: ast.arguments) -> list[ast.expr]:
    return [*args.defaults, *(one for one in args.kw_defaults if one is not None)]


def _name(kind: str) -> str:
    return "Module" if kind in {BARE, HOLDING} else kind.rpartition(".")[2]


def _strings(node: ast.expr) -> set[str] | None:
    elements: Iterable[ast.expr] = node.elts if isinstance(node, (ast.Tuple, ast.List, ast.Set)) else [node]
    found = {one.value for one in elements if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found if len(found) == len(list(elements)) else None
