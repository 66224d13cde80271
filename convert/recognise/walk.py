"""One walk over modules, read: what it calls a module, what it does with it, which layers that concerns.

`for m in self.modules(): …`, `net.apply(partial(self._init, scale=2))`, `[m for m in net.modules() if …]`.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ..ops import by_module
from ..source import Source
from .answers import Answers
from .applied import Applied
from .class_names import is_class_name
from .functions import called_function, mentions
from .handed import handed_functions
from .kinds import tested_kinds
from .touched import BARE, HOLDING, UNIVERSE, Touch

_BY_OWNER = {"children", "named_children", "_modules"}
"""What leads to the modules that an object holds itself, and no deeper."""
_CONTAINERS = {"torch.nn.Sequential", "torch.nn.ModuleList", "torch.nn.ModuleDict"}
_LIBRARIES = {"torchvision"}
"""What makes models of its own classes only."""


@dataclass(frozen=True)
class Walk:
    """A walk over modules: what it calls a module, what it does with it, and to which `kinds` that does anything.

    `owner` says when it meets a module: "first", before what the module holds, "last", after it, or "never"; `key` what
    it calls the module's name, if anything. A `chain` of tests of what the module is can be given one more branch.
    `among` is the class whose own layers alone it can meet, if there is one.
    """

    node: ast.AST
    name: str
    body: tuple[ast.stmt, ...]
    owner: str
    kinds: frozenset[str]
    key: str = ""
    chain: bool = True
    among: ast.ClassDef | None = None

    def looks_for(self, module: str) -> bool:
        """Whether it does anything to a layer of this torch class."""
        return module in self.kinds

    def sees(self, module: str) -> bool:
        """Whether it does anything to a layer of this torch class, or to a module inside it."""
        inner = by_module[module].inner.values() if module in by_module else ()
        return self.looks_for(module) or any(map(self.looks_for, inner))

    def meets(self, classes: Collection[ast.ClassDef]) -> bool:
        """Whether it may meet layers of an object of one of these classes."""
        return self.among is None or self.among in classes


class WalkReader:
    """Reads the walks of one file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.answers = Answers(source)
        self.applied = Applied(source)

    def read(self, node: ast.Attribute) -> list[Walk] | None:
        """The walks that an access of `.modules`, `.apply` or the like begins; None where it may do anything."""
        if node.attr == "apply":
            return self._applied(node)
        if node.attr == "get_submodule":
            return [] if self._asks_for_own(node) else None
        if self._is_library(node.value):
            return []
        among = None
        if node.attr in _BY_OWNER:
            if self._is_container(node.value):
                return []  # what the container holds is decided with its own uses
            among = self.applied.class_of(node.value)
        walk = self._walk(node, among)
        return None if walk.kinds == UNIVERSE and among is None else [walk]

    def _walk(self, node: ast.Attribute, among: ast.ClassDef | None) -> Walk:
        owner = "first" if node.attr in {"modules", "named_modules"} else "never"
        call = self.source.parent(node)
        user = self.source.parent(call) if isinstance(call, ast.Call) and call.func is node else None
        names = _names(node, user)
        match user:
            case ast.For(body=[ast.Expr(value=ast.Call(args=[ast.Name(id=given)]) as call)], orelse=[]) if (
                names is not None and given == names[1] and (function := called_function(self.source, call)) is not None
            ):
                touch = Touch(self.source, self.answers, function[0], loop=False)
                touch.run(function[1])
                kinds, chain = _folded(touch.touched), self._is_chain(touch, function[1])
                return Walk(node, function[0], tuple(function[1]), owner, kinds, "", chain, among)
            case ast.For(body=body, orelse=[]) if names is not None:
                touch = Touch(self.source, self.answers, names[1], loop=True)
                touch.run(body)
                kinds, chain = _folded(touch.touched), self._is_chain(touch, body)
                return Walk(node, names[1], tuple(body), owner, kinds, names[0], chain, among)
            case ast.comprehension() if names is not None:
                return Walk(node, names[1], (), owner, self._picked(user, names[1]), names[0], False, among)
            case _:
                return Walk(node, "", (), owner, UNIVERSE, "", False, among)

    def _applied(self, node: ast.Attribute) -> list[Walk] | None:
        if not self.applied.is_module_apply(node):
            return []
        call = self.source.parent(node)
        assert isinstance(call, ast.Call)
        found = self.applied.functions(call.args[0])
        if found is None:
            return None
        walks = []
        for name, body in found:
            touch = Touch(self.source, self.answers, name, loop=False)
            touch.run(body)
            kinds = _folded(touch.touched)
            walks.append(Walk(node, name, tuple(body), "last", kinds, "", self._is_chain(touch, body)))
        return None if any(walk.kinds == UNIVERSE for walk in walks) else walks

    def handed(self) -> Iterator[Walk]:
        """The walks of other files with functions of this one. A base's own method may do more than this file shows."""
        for node, function, name, owner in handed_functions(self.source):
            touch = Touch(self.source, self.answers, name, loop=False)
            touch.run(function.body)
            kinds = _folded(touch.touched)
            if kinds != UNIVERSE or node is not function:
                yield Walk(node, name, tuple(function.body), owner, kinds, "", self._is_chain(touch, function.body))

    def _picked(self, comprehension: ast.comprehension, name: str) -> frozenset[str]:
        """The kinds that a comprehension over modules lets through to what it makes of them."""
        touch = Touch(self.source, self.answers, name, loop=True)
        kinds = UNIVERSE
        for test in comprehension.ifs:
            kinds, _ = touch.split(test, kinds)
        made = self.source.parent(comprehension)
        user = self.source.parent(made) if made is not None else None
        match made, user:
            case ast.GeneratorExp(elt=elt, generators=[_]) | ast.ListComp(elt=elt, generators=[_]), ast.Call(
                func=ast.Name(id="sum" | "any") as func, args=[_], keywords=[]
            ) if not self.source.scopes.is_bound(func.id, func):
                kinds, _ = touch.split(elt, kinds)
            case ast.DictComp() | ast.GeneratorExp() | ast.ListComp() | ast.SetComp(), _:
                if made.generators[0] is not comprehension:
                    return UNIVERSE
            case _:
                return UNIVERSE
        return _folded(touch.touched | kinds)

    def _is_chain(self, touch: Touch, body: Sequence[ast.stmt]) -> bool:
        """Whether a body is tests of what the module is, to which one more can be added."""
        return all(self._is_link(touch, statement) for statement in body)

    def _is_link(self, touch: Touch, statement: ast.stmt) -> bool:
        match statement:
            case ast.Expr(value=ast.Constant()):
                return True
            case ast.Assign(targets=[ast.Name() as target], value=value):
                if is_class_name(self.source, touch.name, value):
                    touch.named.add(target.id)
                    return True
                return touch.is_own_local(target) and touch.is_pure(value) and not mentions(value, touch.name)
            case ast.FunctionDef():
                return not mentions(statement, touch.name)
            case ast.If(test=test, body=body, orelse=orelse):
                if self._is_test(touch, test):
                    return all(isinstance(one, ast.If) and self._is_link(touch, one) for one in orelse)
                free = not mentions(test, touch.name) and touch.is_pure(test) and not _reads(test, touch.named)
                return free and self._is_chain(touch, [*body, *orelse])
            case ast.Import() | ast.ImportFrom() | ast.Pass():
                return True
            case _:
                return False

    def _is_test(self, touch: Touch, test: ast.expr) -> bool:
        """A test of the class, or one that no layer passes."""
        if tested_kinds(self.source, touch.name, test) is not None:
            return True
        yes, _ = touch.split(test, UNIVERSE)
        return not yes and touch.is_pure(test)

    def _asks_for_own(self, node: ast.Attribute) -> bool:
        """`m = net.get_submodule(key)`, of which is read what no layer of torch has: then it is none."""
        call = self.source.parent(node)
        statement = self.source.parent(call) if isinstance(call, ast.Call) and call.func is node else None
        match statement:
            case ast.Assign(targets=[ast.Name() as target]):
                scopes = self.source.scopes
                scope = scopes.scope_binding(target)
                stores = [one for one in self.source.stores[target.id] if scopes.scope_binding(one) is scope]
                reads = [one for one in self.source.reads.get(target.id, ()) if scopes.scope_binding(one) is scope]
                return len(stores) == 1 and bool(reads) and all(self._is_foreign(read) for read in reads)
            case _:
                return False

    def _is_foreign(self, read: ast.Name) -> bool:
        use = self.source.parent(read)
        tried = any(isinstance(around, ast.Try) for around in self.source.ancestors(read))
        return (
            isinstance(use, ast.Attribute)
            and isinstance(use.ctx, ast.Load)
            and self.answers.unknown_to_torch(use.attr)
            and not tried
        )

    def _is_library(self, owner: ast.expr) -> bool:
        """A model that a library made, or a part of one: `vgg19().features`."""
        while isinstance(owner, (ast.Attribute, ast.Subscript)) and not self._is_self_attribute(owner):
            owner = owner.value
        match owner:
            case ast.Call(func=func):
                return (self.source.path_of(func) or "").partition(".")[0] in _LIBRARIES
            case ast.Name():
                scopes = self.source.scopes
                scope = scopes.scope_binding(owner)
                stores = [one for one in self.source.stores.get(owner.id, ()) if scopes.scope_binding(one) is scope]
                made = self.source.parent(stores[0]) if len(stores) == 1 else None
                called = isinstance(made, ast.Assign) and isinstance(made.value, ast.Call)
                return called and len(made.targets) == 1 and self._is_library(made.value)  # type: ignore[union-attr]
            case _:
                return False

    def _is_self_attribute(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Attribute) and self.applied.class_of(node.value) is not None

    def _is_container(self, owner: ast.expr) -> bool:
        """An attribute that wherever the file gives it a value is a Sequential, a ModuleList or a ModuleDict."""
        if not isinstance(owner, ast.Attribute):
            return False
        given = [self.source.parent(one) for one in self.source.every(ast.Attribute) if _is_store(one, owner.attr)]
        named = any(text.value == owner.attr for text in self.source.every(ast.Constant))
        return bool(given) and not named and all(self._makes_container(one) for one in given)

    def _makes_container(self, statement: ast.AST | None) -> bool:
        match statement:
            case ast.Assign(targets=[_], value=ast.Call(func=func)):
                return self.source.path_of(func) in _CONTAINERS
            case _:
                return False


def _is_store(node: ast.Attribute, name: str) -> bool:
    return node.attr == name and not isinstance(node.ctx, ast.Load)


def _reads(node: ast.expr, names: Collection[str]) -> bool:
    return any(mentions(node, name) for name in names)


def _names(node: ast.Attribute, user: ast.AST | None) -> tuple[str, str] | None:
    """What a loop or comprehension over modules calls the module's name, and the module."""
    if not isinstance(user, (ast.For, ast.comprehension)):
        return None
    named = node.attr.startswith("named")
    match user.target:
        case ast.Name(id=name) if not named:
            return "", name
        case ast.Tuple(elts=[ast.Name(id=key), ast.Name(id=name)]) if named:
            return key, name
        case _:
            return None


def _folded(touched: frozenset[str]) -> frozenset[str]:
    """The kinds touched, with those in whose place something may stand that is touched."""
    if not touched & {BARE, HOLDING}:
        return touched
    bare = {kind for kind in UNIVERSE if BARE in touched and not (kind in by_module and by_module[kind].slots)}
    holding = {kind for kind in UNIVERSE if HOLDING in touched and kind in by_module and by_module[kind].slots}
    return touched | bare | holding
