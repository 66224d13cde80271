"""Functions that are handed a dictionary of weights, who calls them, and where the dictionary comes from.

`def net(x, params)` reads `params["conv1.weight"]`; `def loss(params, x, y)` hands it on; `params = init()` holds it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..plan.plan import Kept
from ..recognise.calls import FunctionCall
from ..recognise.product import products_under
from ..source import Source
from .weights import constant_key


@dataclass(eq=False)
class Taker:
    """A function at the top of the file, and the argument by which it is handed the weights.

    `reads`: what reads a weight → its key. `passes`: calls of other takers that hand the weights on.
    `weighted`: calls of torch that take weights from it, `touched` those that take what is computed from them.
    """

    function: ast.FunctionDef
    argument: str
    position: int
    reads: dict[ast.expr, str] = field(default_factory=dict)
    passes: list[ast.Call] = field(default_factory=list)
    weighted: list[FunctionCall] = field(default_factory=list)
    touched: list[FunctionCall] = field(default_factory=list)
    unpacked: dict[ast.stmt, tuple[str, ...]] = field(default_factory=dict)
    others: list[ast.Name] = field(default_factory=list)
    computed: list[ast.Subscript] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.function.name


def arguments_of(function: ast.FunctionDef) -> list[str]:
    """The names of the arguments that a call gives by position."""
    return [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]


def _outermost(source: Source, node: ast.AST) -> ast.AST:
    """The statement of the module's own body that holds a node."""
    return next((around for around in source.ancestors(node) if source.parent(around) is source.tree), node)


def is_pure(function: ast.FunctionDef) -> bool:
    """Whether a function is written as `--to pure` writes it: then it is read back as such."""
    return arguments_of(function)[:2] == ["params", "buffers"] and bool(function.args.kwonlyargs)


def _opened(source: Source, function: ast.FunctionDef) -> set[str]:
    """Names that a function takes something out of: `params[…]`, `w, b = params`."""
    found: set[str] = set()
    for node in source.walk(function):
        match node:
            case ast.Subscript(value=ast.Name(id=name)) | ast.Assign(targets=[ast.Tuple()], value=ast.Name(id=name)):
                found.add(name)
    return found


def given(function: ast.FunctionDef, call: ast.Call, position: int) -> ast.expr | None:
    """What a call gives for the argument at a position; None where that cannot be told, or it is left out."""
    if any(isinstance(argument, ast.Starred) for argument in call.args[: position + 1]):
        return None
    if position < len(call.args):
        return call.args[position]
    name = arguments_of(function)[position]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


class Takers:
    """The takers of a file, found from the calls of torch that take weights out of an argument."""

    def __init__(self, source: Source, calls: Sequence[FunctionCall]) -> None:
        """`calls` are those of the file that are handed weights."""
        self.source = source
        self.calls: dict[ast.AST, list[FunctionCall]] = {}
        self._products: dict[ast.FunctionDef, list[FunctionCall]] = {}
        for call in calls:
            self.calls.setdefault(_outermost(source, call.node), []).append(call)
        self.functions = self._top_level()
        self.found: dict[str, Taker] = {}
        for function in self.functions.values():
            opened = set() if is_pure(function) else _opened(source, function)
            for number, argument in enumerate(arguments_of(function)):
                if argument not in opened:
                    continue
                taker = self._direct(function, argument, number)
                if taker is not None:
                    self.found.setdefault(function.name, taker)
        self._add_callers()

    def _top_level(self) -> dict[str, ast.FunctionDef]:
        """Functions of the module's own body whose name means nothing else."""
        found = [node for node in self.source.tree.body if isinstance(node, ast.FunctionDef)]
        names = [node.name for node in found]
        stores = {node.id for node in self.source.every(ast.Name) if isinstance(node.ctx, ast.Store)}
        return {node.name: node for node in found if names.count(node.name) == 1 and node.name not in stores}

    def _direct(self, function: ast.FunctionDef, argument: str, position: int) -> Taker | None:
        """A function that itself hands a weight out of the argument to torch."""
        taker = Taker(function, argument, position)
        names = list(self.names_of(function, argument))
        locals_: dict[str, str] = {}
        for name in names:
            self._read(taker, name, locals_)
        for call in self.sites(function):
            slots = [call.args.get(slot.name) for slot in call.pairs[0].handed if not slot.given]
            if any(node in taker.reads or node in taker.computed or _names(node, locals_) for node in slots):
                taker.weighted.append(call)
            elif any(node in taker.reads for slot in slots if slot is not None for node in ast.walk(slot)):
                taker.touched.append(call)
        return taker if taker.weighted or taker.touched else None

    def sites(self, function: ast.FunctionDef) -> Iterator[FunctionCall]:
        """The calls of torch in a function, and the products that may be a linear layer."""
        yield from self.calls.get(function, ())
        if function not in self._products:
            self._products[function] = list(products_under(self.source, function))
        yield from self._products[function]

    def _read(self, taker: Taker, name: ast.Name, locals_: dict[str, str]) -> None:
        """Sort one mention of the argument."""
        parent = self.source.parent(name)
        match parent:
            case ast.Subscript(slice=index, ctx=ast.Load()) if parent.value is name:
                key = constant_key(index)
                if key is None:
                    taker.computed.append(parent)
                else:
                    taker.reads[parent] = key
                    around = self.source.parent(parent)
                    if isinstance(around, ast.Assign) and isinstance(around.targets[0], ast.Name):
                        locals_[around.targets[0].id] = key
            case ast.Assign(targets=[ast.Tuple(elts=elements) | ast.List(elts=elements)]) if (
                parent.value is name and all(isinstance(element, ast.Name) for element in elements)
            ):
                taker.unpacked[parent] = tuple(element.id for element in elements if isinstance(element, ast.Name))
                locals_.update(dict.fromkeys(taker.unpacked[parent], ""))
            case _:
                taker.others.append(name)

    def names_of(self, function: ast.FunctionDef, argument: str) -> Iterator[ast.Name]:
        """Every mention of an argument in its function, those in nested functions that close over it included."""
        home = self.source.scopes.inside(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id == argument and self.source.scopes.scope_binding(node) is home:
                yield node

    def _add_callers(self) -> None:
        """Functions that hand an argument of theirs on to a taker are takers too."""
        work = list(self.found)
        while work:
            inner = self.found[work.pop()]
            for call in self.calls_of(inner):
                node = given(inner.function, call, inner.position)
                owner = self._argument_owner(node)
                if owner is None or not isinstance(node, ast.Name):
                    continue
                taker = self.found.get(owner.name)
                if taker is None:
                    taker = Taker(owner, node.id, arguments_of(owner).index(node.id))
                    for name in self.names_of(owner, node.id):
                        self._read(taker, name, {})
                    self.found[owner.name] = taker
                    work.append(owner.name)
                if taker.argument == node.id and call not in taker.passes:
                    taker.passes.append(call)
                    taker.others = [other for other in taker.others if other is not node]

    def _argument_owner(self, node: ast.expr | None) -> ast.FunctionDef | None:
        """The top-level function of which a name is an argument."""
        if not isinstance(node, ast.Name):
            return None
        scope = self.source.scopes.scope_binding(node)
        function = scope.node if scope is not None else None
        if not isinstance(function, ast.FunctionDef) or self.functions.get(function.name) is not function:
            return None
        return function if node.id in arguments_of(function) else None

    def mentions(self, name: str) -> list[ast.Name]:
        """Every place that reads the module's name."""
        root = self.source.scopes.root
        return [
            node
            for node in self.source.every(ast.Name)
            if node.id == name and isinstance(node.ctx, ast.Load) and self.source.scopes.scope_binding(node) is root
        ]

    def calls_of(self, taker: Taker) -> list[ast.Call]:
        """Every call of a taker."""
        calls = []
        for name in self.mentions(taker.name):
            parent = self.source.parent(name)
            if isinstance(parent, ast.Call) and parent.func is name:
                calls.append(parent)
        return calls

    def groups(self) -> list[list[Taker]]:
        """Takers that hand weights to each other, each group in the order of the file."""
        left, found = dict(self.found), list[list[Taker]]()
        while left:
            work, group = [left.pop(next(iter(left)))], list[Taker]()
            while work:
                one = work.pop()
                group.append(one)
                near = [name for name, other in left.items() if self._are_linked(one, other)]
                work += [left.pop(name) for name in near]
            found.append(sorted(group, key=lambda taker: taker.function.lineno))
        return found

    def _are_linked(self, one: Taker, other: Taker) -> bool:
        called = {id(call) for call in (*one.passes, *other.passes)}
        linked = any(id(call) in called for taker in (one, other) for call in self.calls_of(taker))
        return linked or bool(self._handed(one) & self._handed(other))

    def _handed(self, taker: Taker) -> set[tuple[int, str]]:
        """The variables that a taker is handed, by scope and name."""
        nodes = [given(taker.function, call, taker.position) for call in self.calls_of(taker)]
        names = [node for node in nodes if isinstance(node, ast.Name)]
        return {(id(self.source.scopes.scope_binding(name)), name.id) for name in names}


@dataclass(frozen=True)
class Roles:
    """A group sorted: the function that becomes forward, those that become methods, those that only hand on."""

    root: Taker
    methods: tuple[Taker, ...]
    callers: tuple[Taker, ...]


def roles_of(takers: Takers, group: list[Taker]) -> Roles:
    """Who is who among takers. Raises Kept where no function is the model's own forward."""
    direct = [taker for taker in group if taker.weighted or taker.touched]
    for taker in direct:  # grows while it is walked
        direct += [other for other in group if other not in direct and _calls(takers, taker, other)]
    roots = [
        taker for taker in direct if not any(_calls(takers, other, taker) for other in direct if other is not taker)
    ]
    if len(roots) > 1:
        whole = [other for other in group if other not in direct and all(_calls(takers, other, root) for root in roots)]
        roots, direct = (whole, [*direct, *whole]) if len(whole) == 1 else (roots, direct)
    if len(roots) != 1:
        names = " and ".join(taker.name for taker in roots) or group[0].name
        raise Kept("NF288", group[0].function, function=group[0].name, name=names, other=group[-1].function.lineno)
    root = roots[0]
    if _calls(takers, root, root):
        raise Kept("NF288", root.function, function=root.name, name=root.name, other=root.function.lineno)
    methods = tuple(taker for taker in direct if taker is not root)
    return Roles(root, methods, tuple(taker for taker in group if taker not in direct))


def _calls(takers: Takers, one: Taker, other: Taker) -> bool:
    inside = {id(node) for node in ast.walk(one.function)}
    return any(id(call) in inside for call in takers.calls_of(other))


def _names(node: ast.expr | None, names: Mapping[str, str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names
