"""Calls of functions that have a twin, and constructors of modules that have one, as the table sees them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..calls import BindError, bind
from ..ops import OneWay, Pair, Spelling, by_function, by_module, one_way
from ..source import Source
from .model import Method, Model

_SKIP_INIT = "torch.nn.utils.skip_init"


@dataclass(frozen=True)
class FunctionCall:
    """`F.conv2d(x, self.w)`: its rows (several where one function serves several modules) and its arguments by name.

    `fault` is a sentence where the arguments cannot be read. `implied` are constructor arguments that another call
    says, which this one `swallows`. A matrix product may be read as a call too; then its weight may be `turned`: it is
    the transpose of what the row's function takes.
    """

    node: ast.expr
    pairs: tuple[Pair, ...]
    spelling: Spelling
    args: Mapping[str, ast.expr]
    method: Method | None
    fault: str | None = None
    implied: Mapping[str, str] = field(default_factory=dict)
    swallows: ast.Call | None = None
    turned: bool = False

    @property
    def call(self) -> ast.Call:
        """The node of what is written as a call."""
        assert isinstance(self.node, ast.Call)
        return self.node

    @property
    def written(self) -> str:
        """The function as a reader knows it: `F.relu`."""
        return shown(self.spelling.function) if self.spelling.function else f"Tensor.{self.spelling.method}"


@dataclass(frozen=True)
class Construction:
    """`nn.Conv2d(1, 16, 5)`: its row and its arguments by the constructor's names.

    `skips` where it is built by `nn.utils.skip_init`, which leaves its parameters unfilled and draws nothing.
    """

    node: ast.Call
    pair: Pair
    args: Mapping[str, ast.expr]
    fault: str | None = None
    skips: bool = False

    @property
    def written(self) -> str:
        """The class as a reader knows it: `nn.Conv2d`."""
        return f"nn.{self.pair.module}"


def shown(path: str) -> str:
    """A torch path as people write it: `torch.nn.functional.relu` → `F.relu`."""
    short = path.replace("torch.nn.functional.", "F.")
    return short.replace("torch.nn.", "nn.") if short.startswith("torch.nn.") else short


def function_calls(model: Model) -> Iterator[FunctionCall]:
    """Every call of a function with a twin in the body of a model class, in the order in which they run."""
    for node in calls_in(model):
        if (call := read_call(model.source, node, model.method_of(node))) is not None:
            yield call


def calls_under(source: Source, root: ast.AST) -> Iterator[FunctionCall]:
    """Every call of a function with a twin below a node, whatever surrounds it."""
    for node in source.walk(root):
        if isinstance(node, ast.Call) and (call := read_call(source, node, None)) is not None:
            yield call


def read_call(source: Source, node: ast.Call, method: Method | None) -> FunctionCall | None:
    """Read a call if its function has a twin."""
    path = source.path_of(node.func)
    if path is None or path not in by_function:
        return None
    pairs = by_function[path]
    spelling = pairs[0].spelling(path)
    try:
        bound = bind(spelling.signature, node)
    except BindError as error:
        return FunctionCall(node, pairs, spelling, {}, method, error.message)
    missing = f"required argument {', '.join(bound.missing)} is missing" if bound.missing else None
    return FunctionCall(node, pairs, spelling, bound.args, method, missing)


def one_way_calls(model: Model, side: str) -> Iterator[tuple[ast.Call, OneWay]]:
    """Calls in the class of what has no twin: functions for `side` "function", constructors for "module"."""
    for node in calls_in(model):
        row = one_way.get(model.source.path_of(node.func) or "")
        if row is not None and row.side == side:
            yield node, row


def constructions(model: Model) -> Iterator[Construction]:
    """Every constructor with a row in the body of a model class."""
    for node in calls_in(model):
        if (built := construction(model, node)) is not None:
            yield built


def construction(model: Model, node: ast.AST | None) -> Construction | None:
    """Read `nn.X(…)` if X has a row."""
    if not isinstance(node, ast.Call):
        return None
    skips = model.source.path_of(node.func) == _SKIP_INIT and bool(node.args)
    built = node.args[0] if skips else node.func
    pair = by_module.get(model.source.path_of(built) or "")
    if pair is None:
        return None
    call = ast.Call(node.func, node.args[1:], node.keywords) if skips else node
    try:
        bound = bind(pair.module_signature, call)
    except BindError as error:
        return Construction(node, pair, {}, error.message, skips)
    missing = f"required argument {', '.join(bound.missing)} is missing" if bound.missing else None
    return Construction(node, pair, bound.args, missing, skips)


def calls_in(model: Model) -> tuple[ast.Call, ...]:
    """The calls that stand in this class and not in a class inside it; a call inside another comes first."""
    if model.calls is None:
        found: list[ast.Call] = []
        work: list[ast.AST] = list(model.node.body)
        while work:
            node = work.pop()
            if isinstance(node, ast.ClassDef):
                continue
            if isinstance(node, ast.Call):
                found.append(node)
            work += model.source.children(node)
        model.calls = tuple(sorted(found, key=lambda call: (call.end_lineno or 0, call.end_col_offset or 0)))
    return model.calls
