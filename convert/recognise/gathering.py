"""Where layers go that code gathers in lists on the way into an nn.Sequential: into which, and nowhere else.

`layers += [nn.Conv2d(…)]` in a loop, `return nn.Sequential(*layers)`, `self.features = self._make_layers(cfg)`: the
convolution goes into that Sequential, and this into self.features.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from ..ops.container import DICT, LIST, SEQUENTIAL
from .local_lists import ORDERED, fresh_list, local_scope, only_given_back, reads_in
from .model import Model
from .surroundings import Surroundings

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp)
_COPIES = {"list", "tuple", "reversed"}
ITSELF = frozenset({"to", "cuda", "cpu", "float", "half", "double", "train", "eval"})
"""Methods of a module that give it back, and mean the same for an object with its tensors."""
GROWS = {"append", "extend", "insert", "add_module"}
_QUIET = {"reverse", "clear", "index", "count", "remove", "append", "extend", "insert", "update"}
"""Methods of a list or dictionary that hand nothing on but what follows by itself."""


@dataclass(eq=False)
class Journey:
    """What becomes of one module: the Sequentials and attributes that it goes into, and what else is done with it.

    `grown` are attributes whose Sequential it is added to, `reads` what it is asked for on the way, `grows` the methods
    by which it gets more; `lost` is where it goes out of sight.
    """

    into: list[ast.Call] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    grown: list[str] = field(default_factory=list)
    reads: list[ast.Attribute] = field(default_factory=list)
    grows: set[str] = field(default_factory=set)
    lost: ast.AST | None = None


def journey_of(model: Model, surroundings: Surroundings, node: ast.Call) -> Journey:
    """Follow what a constructor makes through the class."""
    follower = _Follower(model, surroundings, is_dict=model.source.path_of(node.func) == DICT)
    follower.follow(node, 0)
    return follower.journey


class _Lost(Exception):
    """The value goes out of sight."""


class _Follower:
    """Follows one module. A value of depth 1 is a list of such, or a dictionary; one of depth 2 a list of pairs."""

    def __init__(self, model: Model, surroundings: Surroundings, *, is_dict: bool) -> None:
        self.model = model
        self.is_dict = is_dict
        self.surroundings = surroundings
        self.source = model.source
        self.scopes = model.source.scopes
        self.journey = Journey()
        self._seen: set[tuple[ast.AST, int]] = set()

    def follow(self, node: ast.expr, depth: int) -> None:
        """Say what happens to an expression's value."""
        if self.journey.lost is not None or (node, depth) in self._seen:
            return
        self._seen.add((node, depth))
        try:
            self._follow(node, depth, self.source.parent(node))
        except _Lost:
            self.journey.lost = node

    def _follow(self, node: ast.expr, depth: int, parent: ast.AST | None) -> None:
        match parent:
            case ast.List() | ast.Tuple() | ast.Starred():
                self._display(node, depth, parent)
            case ast.Dict(values=values) if any(one is node for one in values):
                self.follow(parent, depth + 1)
            case ast.BinOp(op=ast.Add()) if depth:
                self.follow(parent, depth)
            case ast.BinOp(left=left, op=ast.Mult()) if depth and left is node:
                self.follow(parent, depth)
            case ast.IfExp(test=test):
                if test is not node:
                    self.follow(parent, depth)
            case ast.Assign(targets=targets, value=value) if value is node:
                for target in targets:
                    self._bind(target, depth)
            case ast.AnnAssign(target=target, value=value) if value is node:
                self._bind(target, depth)
            case ast.AugAssign(target=ast.Name() as target, op=ast.Add(), value=value) if value is node and depth:
                self._pour(target, depth)
            case ast.For(iter=given, target=target) | ast.comprehension(iter=given, target=target) if (
                given is node and depth
            ):
                self._bind(target, depth - 1)
            case ast.Return():
                self._return(parent, depth)
            case ast.Attribute(value=value) if value is node:
                self._attribute(parent, depth)
            case ast.Subscript(value=value, slice=index) if value is node:
                self._item(parent, index, depth)
            case ast.Call():
                self._call(node, depth, parent)
            case _ if isinstance(parent, _COMPREHENSIONS) and parent.elt is node:
                self.follow(parent, depth + 1)
            case ast.DictComp(value=value) if value is node:
                self.follow(parent, depth + 1)
            case _ if not _is_question(parent, node):
                raise _Lost

    def _display(self, node: ast.expr, depth: int, parent: ast.List | ast.Tuple | ast.Starred) -> None:
        if not isinstance(parent, ast.Starred):
            self.follow(parent, depth + 1)
            return
        around = self.source.parent(parent)
        if isinstance(around, (ast.List, ast.Tuple)) and depth:
            self.follow(around, depth)
        elif isinstance(around, ast.Call) and self.source.path_of(around.func) == SEQUENTIAL and depth == 1:
            self.journey.into.append(around)
        else:
            raise _Lost

    def _item(self, parent: ast.Subscript, index: ast.expr, depth: int) -> None:
        if not depth and not (self.is_dict and isinstance(parent.ctx, ast.Store)):
            raise _Lost
        if isinstance(parent.ctx, ast.Load):
            self.follow(parent, depth if isinstance(index, ast.Slice) else depth - 1)

    def _attribute(self, node: ast.Attribute, depth: int) -> None:
        call = self.source.parent(node)
        called = isinstance(call, ast.Call) and call.func is node
        if not depth:
            if isinstance(call, ast.Call) and called and node.attr in GROWS and self._is_statement(call):
                self.journey.grows.add(node.attr)
            elif isinstance(call, ast.Call) and called and node.attr in ITSELF:
                self.follow(call, 0)
            else:
                self.journey.reads.append(node)
            return
        if not called or not isinstance(call, ast.Call):
            raise _Lost
        if node.attr == "pop":
            self.follow(call, depth - 1)
        elif node.attr in {"values", "copy"}:
            self.follow(call, depth)
        elif node.attr == "items":
            self.follow(call, depth + 1)
        elif node.attr not in _QUIET:
            raise _Lost

    def _call(self, node: ast.expr, depth: int, call: ast.Call) -> None:
        if call.func is node:
            raise _Lost
        path = self.source.path_of(call.func)
        if node not in call.args:
            raise _Lost
        alone = len(call.args) == 1
        runs = path == SEQUENTIAL and (not depth or (depth == 1 and alone))
        holds = alone and ((path == LIST and depth == 1) or (path == DICT and depth in {1, 2}))
        if (runs or holds) and not call.keywords:
            self.journey.into.append(call)
        elif path == ORDERED and depth and not call.keywords:
            self.follow(call, 1)
        elif isinstance(call.func, ast.Name) and not self.scopes.is_bound(call.func.id, call.func):
            if call.func.id in _COPIES and depth and not call.keywords:
                self.follow(call, depth)
            elif call.func.id != "len":
                raise _Lost
        elif isinstance(call.func, ast.Attribute):
            self._put(node, depth, call, call.func)
        else:
            raise _Lost

    def _put(self, node: ast.expr, depth: int, call: ast.Call, function: ast.Attribute) -> None:
        """`layers.append(…)`, `self.net.add_module(name, …)`."""
        into = {"append": depth + 1, "insert": depth + 1, "extend": depth, "add_module": depth + 1}.get(function.attr)
        number = {"insert": 2, "add_module": 2}.get(function.attr, 1)
        plain = len(call.args) == number and call.args[-1] is node and not call.keywords
        if into is None or not plain or not self._is_statement(call):
            raise _Lost
        owner = function.value
        if (name := self.model.self_attribute(owner)) is not None and into == 1:
            self.journey.grown.append(name)
        elif self._is_self(owner) and function.attr == "add_module" and isinstance(call.args[0], ast.Constant):
            self.journey.attributes.append(str(call.args[0].value))
        elif isinstance(owner, ast.Name):
            self._pour(owner, into, list_only=function.attr != "add_module")
        else:
            raise _Lost

    def _is_statement(self, call: ast.Call) -> bool:
        return isinstance(self.source.parent(call), ast.Expr)

    def _is_self(self, node: ast.expr) -> bool:
        method = self.model.method_of(node)
        return isinstance(node, ast.Name) and method is not None and node.id == method.self_name

    def _pour(self, target: ast.Name, depth: int, *, list_only: bool = True) -> None:
        """What a local list, or Sequential, gains."""
        values = fresh_list(self.source, target, self._makes_list)
        if values is None:
            raise _Lost
        containers = [one for one in values if isinstance(one, ast.Call) and self._is_container(one)]
        if containers and (len(containers) < len(values) or depth != 1):
            raise _Lost
        if not containers and not list_only:
            raise _Lost
        self.journey.into += containers
        if not containers:
            self._read_all(target, depth)

    def _makes_list(self, node: ast.expr) -> bool:
        """Whether a call of a function of the class gives a new list."""
        function = function_called(self.model, node) if isinstance(node, ast.Call) else None
        if function is None or node not in (calls_of(self.model, self.surroundings, function) or ()):
            return False
        returns = [one.value for one in self.source.walk(function) if isinstance(one, ast.Return)]
        return bool(returns) and all(
            isinstance(value, (ast.List, ast.ListComp))
            or (isinstance(value, ast.Name) and only_given_back(self.source, value, function))
            for value in returns
        )

    def _is_container(self, call: ast.Call) -> bool:
        return self.source.path_of(call.func) in {SEQUENTIAL, LIST, DICT}

    def _bind(self, target: ast.expr, depth: int) -> None:
        match target:
            case ast.Name():
                self._read_all(target, depth)
            case ast.Tuple(elts=elements) | ast.List(elts=elements) if depth:
                for element in elements:
                    self._bind(element, depth - 1)
            case ast.Subscript(value=ast.Name() as owner, slice=index) if not isinstance(index, ast.Slice):
                self._pour(owner, depth + 1)
            case ast.Subscript(value=ast.Name() as owner) if depth:
                self._pour(owner, depth)
            case ast.Subscript(value=owner) if not depth and (name := self.model.self_attribute(owner)) is not None:
                self.journey.grown.append(name)
            case ast.Attribute() if not depth and (name := self.model.self_attribute(target)) is not None:
                self.journey.attributes.append(name)
            case _:
                raise _Lost

    def _read_all(self, target: ast.Name, depth: int) -> None:
        """Follow every read of a local."""
        scope = local_scope(self.source, target)
        if scope is None:
            raise _Lost
        for read in reads_in(self.source, target, scope):
            self.follow(read, depth)

    def _return(self, node: ast.Return, depth: int) -> None:
        """Follow what the callers of the function get."""
        function = next(one for one in self.source.ancestors(node) if isinstance(one, _FUNCTIONS))
        for call in calls_of(self.model, self.surroundings, function) or self._nowhere():
            self.follow(call, depth)

    def _nowhere(self) -> list[ast.Call]:
        raise _Lost


def calls_of(model: Model, surroundings: Surroundings, function: ast.AST) -> list[ast.Call] | None:
    """The calls of a method of the class, or of a function inside one; None where it may be run from elsewhere."""
    source = model.source
    if not isinstance(function, ast.FunctionDef):
        return None
    if any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in source.walk(function)):
        return None
    places: list[ast.expr]
    if function in [method.node for method in model.methods.values()]:
        if function.name == "forward" or function.name.startswith("__") or len(model.family) > 1:
            return None
        if any(not _is_static(one) for one in function.decorator_list) or model.attribute(function.name).named:
            return None
        places = list(model.attribute(function.name).uses)
        if surroundings.foreign_uses(model, function.name) or surroundings.borrowed(model, function.name):
            return None
    else:
        scope = source.scopes.scope_of(function)
        if function.decorator_list or model.method_of(function) is None or isinstance(scope.node, ast.ClassDef):
            return None
        reads = source.reads.get(function.name, ())
        places = [read for read in reads if source.scopes.scope_binding(read) is scope]
    parents = [(source.parent(place), place) for place in places]
    calls = [call for call, place in parents if isinstance(call, ast.Call) and call.func is place]
    return calls if calls and len(calls) == len(places) else None


def function_called(model: Model, call: ast.Call) -> ast.FunctionDef | None:
    """The only function of the class, or inside a method of it, that a call can mean."""
    source = model.source
    if (name := model.self_attribute(call.func)) is not None:
        method = model.methods.get(name)
        if method is None or model.attribute(name).definitions or not isinstance(method.node, ast.FunctionDef):
            return None
        return method.node
    if not isinstance(call.func, ast.Name):
        return None
    scope = source.scopes.scope_binding(call.func)
    named = source.definitions.get(call.func.id, ())
    found = [one for one in named if isinstance(one, ast.FunctionDef) and source.scopes.scope_of(one) is scope]
    stores = [one for one in source.stores.get(call.func.id, ()) if source.scopes.scope_binding(one) is scope]
    return found[0] if len(found) == 1 and not stores else None


def _is_static(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "staticmethod"


def _is_question(parent: ast.AST | None, node: ast.expr) -> bool:
    """Where a value is only asked whether it is there: `if layers:`, `conv is None`, or not used at all."""
    match parent:
        case ast.If(test=test) | ast.While(test=test) if test is node:
            return True
        case ast.UnaryOp(op=ast.Not()) | ast.Expr():
            return True
        case ast.Compare(ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return True
        case _:
            return False
