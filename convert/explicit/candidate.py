"""One group of functions with explicit weights, decided: what becomes a class, of which keys, held by whom."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ..plan.naming import MODULE_MEMBERS
from ..plan.plan import Kept
from ..rewrite import shares_line
from ..source import Source
from .fresh import check_fresh, check_in_place
from .gain import check_trains
from .holders import Holder, found_making
from .takers import Taker, Takers, roles_of
from .titles import Titles, class_name, instance_name
from .training import Training, training_of
from .weights import Making

_ODD = {True: "trains, and is a running statistic", False: "does not train, and others do"}


@dataclass
class Candidate:
    """What is known of a group before it is written. `instances`: holder or caller → what its variable is called now.
    `shown`: key → its weight as the file reads it. `frozen`: the file uses the weights, and nothing in it trains them.

    For weights that are variables of the module: `outside` reads of them → key, `loose` other uses of their dictionary,
    `place` the statement after which the instance is made. `by_name` and `by_order`: uses that see names or order;
    `by_layout`: those that see how a weight lies, with its key, or "" for all.
    """

    name: str
    root: Taker
    methods: tuple[Taker, ...]
    callers: tuple[Taker, ...]
    making: Making
    holders: list[Holder]
    titles: Titles
    training: dict[str, Training]
    buffers: frozenset[str]
    instances: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    frozen: bool = False
    outside: dict[ast.expr, str] = field(default_factory=dict)
    loose: tuple[ast.Name, ...] = ()
    place: ast.stmt | None = None
    by_name: list[ast.Name] = field(default_factory=list)
    by_order: list[ast.Name] = field(default_factory=list)
    by_layout: list[tuple[str, ast.expr]] = field(default_factory=list)

    @property
    def is_shared(self) -> bool:
        """Whether the weights are the module's own variables: then one instance has the function's name."""
        return self.place is not None

    @property
    def members(self) -> tuple[Taker, ...]:
        """The functions that become methods, in the order of the file."""
        return tuple(sorted((self.root, *self.methods), key=lambda taker: taker.function.lineno))


def candidate_of(takers: Takers, group: list[Taker], taken: Collection[str], number: int) -> Candidate:
    """Decide one group. Raises Kept."""
    source = takers.source
    roles = roles_of(takers, group)
    members = [roles.root, *roles.methods]
    keys = {key for taker in group for key in taker.reads.values()}
    keys |= {key for taker in group for names in taker.unpacked.values() for key in map(str, range(len(names)))}
    for taker in members:
        if taker.others and not taker.computed:
            found_making(takers, group, keys)  # what is not made here cannot be followed, whatever is done with it
        _check_taker(source, taker)
        check_function(source, taker.function)
    for taker in group:
        for mention in takers.mentions(taker.name):
            call = source.parent(mention)
            if not (isinstance(call, ast.Call) and call.func is mention):
                text = " ".join(source.says(source.statement(mention)).split())[:60]
                raise Kept("NF290", mention, function=taker.name, other=mention.lineno, text=text)
    check_method_names(roles.methods)
    making, holders = found_making(takers, group, keys)
    for mention in takers.mentions(making.name) if making.function is not None else ():
        statement = source.statement(mention)
        if all(holder.statement is not statement for holder in holders):  # the function goes away
            text = " ".join(source.says(statement).split())[:60]
            raise Kept("NF286", mention, function=roles.root.name, name=making.name, text=text, other=mention.lineno)
    if missing := sorted(keys - set(making.keys)):
        raise Kept("NF286", roles.root.function, function=roles.root.name, name=missing[0], text=making.name, other=1)
    check_making(source, making)
    check_fresh(source, making)
    check_in_place(source, [node for taker in group for node in taker.reads])
    training = {entry.key: training_of(source, entry.value) for entry in making.entries}
    check_trains(takers, group, making, training)
    buffers = buffers_of(group, making, training)
    candidate = Candidate(
        class_name(roles.root.name, taken),
        roles.root,
        roles.methods,
        roles.callers,
        making,
        holders,
        Titles(making.keys, number, {}, {}, _unpacked(group), _names_of(roles.methods)),
        training,
        buffers,
        shown={key: source.says(node) for taker in group for node, key in taker.reads.items()} | _unpacked(group),
    )
    candidate.frozen = bool(holders) and _trains_nothing(source, training, making)
    bound = {argument.arg for argument in source.every(ast.arg)}
    _name_instances(candidate, set(taken) - ({roles.root.name} - bound))
    return candidate


def _trains_nothing(source: Source, training: Mapping[str, Training], making: Making) -> bool:
    """Whether the file says of no weight that it trains, and has no sign of training at all."""
    said = making.dropped or any(one.says != "no" for one in training.values())
    words = ("requires_grad", "backward(", "autograd.grad", "optim", "torch.func", "functorch")
    return not said and not any(word in source.text for word in words)


def _names_of(methods: Collection[Taker]) -> frozenset[str]:
    return frozenset(taker.name for taker in methods)


def _unpacked(group: list[Taker]) -> dict[str, str]:
    """Key of a list → the name that a function gives its weight."""
    return {
        str(number): name for taker in group for names in taker.unpacked.values() for number, name in enumerate(names)
    }


def check_function(source: Source, function: ast.FunctionDef) -> None:
    """A function that can stand in a class as it is."""
    inner = [node for node in ast.walk(function) if node is not function]
    for default in _defaults(function):
        if not all(_is_settled(source, node) for node in ast.walk(default) if isinstance(node, ast.Name)):
            raise Kept("NF291", default, function=function.name, text=f"the default {source.says(default)}")
    if function.decorator_list:
        raise Kept("NF291", function, function=function.name, text=f"@{source.says(function.decorator_list[0])}")
    for node in inner:
        if isinstance(node, (ast.Yield, ast.YieldFrom, ast.ClassDef, ast.Global, ast.Nonlocal)):
            raise Kept("NF291", node, function=function.name, text=source.says(node)[:60])
        if isinstance(node, ast.Name) and node.id in {"self", "super", "__class__"}:
            raise Kept("NF225", node, reason=f"{node.id} already means something in {function.name}")
        told = isinstance(source.parent(node), ast.Expr)  # a docstring
        if isinstance(node, (ast.Constant, ast.JoinedStr)) and node.end_lineno != node.lineno and not told:
            raise Kept("NF291", node, function=function.name, text="a string of several lines")
    if any(argument.arg == "self" for argument in ast.walk(function.args) if isinstance(argument, ast.arg)):
        raise Kept("NF225", function, reason=f"self already means something in {function.name}")
    if shares_line(source, function) or any(
        shares_line(source, s) for s in function.body if s.lineno != function.lineno
    ):
        raise Kept("NF227", function)
    if function.body[0].lineno == function.lineno and len(function.body) > 1:
        raise Kept("NF227", function)


def check_method_names(methods: Collection[Taker]) -> None:
    """A method must not take the place of one of nn.Module's own."""
    for taker in methods:
        if taker.name in MODULE_MEMBERS or taker.name.startswith("__"):
            raise Kept("NF291", taker.function, function=taker.name, text=f"def {taker.name}")


def _defaults(function: ast.FunctionDef) -> list[ast.expr]:
    """Defaults are evaluated where the function stands, and would be inside the class."""
    return [*function.args.defaults, *(one for one in function.args.kw_defaults if one is not None)]


def _is_settled(source: Source, name: ast.Name) -> bool:
    """An import, or a constant that the module binds before its first function."""
    if source.scopes.meaning(name.id, name) is not None:
        return True
    first = next((one.lineno for one in source.tree.body if isinstance(one, (ast.FunctionDef, ast.ClassDef))), 0)
    bound = [one.lineno for one in source.every(ast.Name) if one.id == name.id and isinstance(one.ctx, ast.Store)]
    return name.id in source.constants and all(line < first for line in bound)


def _check_taker(source: Source, taker: Taker) -> None:
    if taker.computed:
        node = taker.computed[0]
        raise Kept("NF292", node, text=source.says(node), function=taker.name)
    for statement, names in taker.unpacked.items():
        if statement not in taker.function.body:
            raise Kept("NF287", statement, text=source.says(statement))
        stores = [node for node in ast.walk(taker.function) if isinstance(node, ast.Name) and node.id in names]
        again = [node for node in stores if not isinstance(node.ctx, ast.Load)][len(names) :]
        if again:
            raise Kept("NF287", again[0], text=source.says(source.statement(again[0])))
    if taker.others:
        use = taker.others[0]
        text = " ".join(source.says(source.statement(use)).split())[:60]
        raise Kept("NF289", use, name=taker.argument, other=use.lineno, text=text)
    positional = [*taker.function.args.posonlyargs, *taker.function.args.args]
    if len(positional) - len(taker.function.args.defaults) <= taker.position:
        raise Kept("NF293", taker.function, function=taker.name, name=taker.argument)


def check_making(source: Source, making: Making) -> None:
    if making.function is not None:
        check_function(source, making.function)
        if making.function.args.posonlyargs or making.function.args.vararg or making.function.args.kwarg:
            raise Kept("NF291", making.function, function=making.name, text="*args")
    for statement in (*making.statements, *making.dropped):
        if shares_line(source, statement) and making.function is None:
            raise Kept("NF227", statement)
    for entry in making.entries if making.function is None else ():
        for node in ast.walk(entry.value):
            scope = source.scopes.scope_binding(node) if isinstance(node, ast.Name) else None
            if scope is not None and scope is not source.scopes.root:  # a local, which the class would not see
                raise Kept("NF287", entry.value, text=" ".join(source.says(entry.value).split())[:80])


def buffers_of(group: list[Taker], making: Making, training: dict[str, Training]) -> frozenset[str]:
    """Keys of running statistics. Raises Kept where something else of weights that train does not train."""
    handed: set[str] = set()
    for taker in group:
        for call in taker.weighted:
            for slot in call.pairs[0].handed:
                node = call.args.get(slot.name)
                if slot.kind == "buffer" and isinstance(node, ast.Subscript) and node in taker.reads:
                    handed.add(taker.reads[node])
    trained = {key for key, one in training.items() if one.says != "no"}
    for entry in making.entries:
        if (entry.key in handed) == (entry.key in trained) and trained:
            raise Kept("NF294", entry.value, name=entry.key, text=_ODD[entry.key in trained])
    if handed and making.dropped:
        raise Kept("NF294", making.dropped[0], name=sorted(handed)[0], text=_ODD[True])
    return frozenset(handed)


def _name_instances(candidate: Candidate, taken: set[str]) -> None:
    """New names for the variables that will hold the module; the function's own name is free by then."""
    names = [holder.name for holder in candidate.holders] + [caller.argument for caller in candidate.callers]
    for name in dict.fromkeys(names):
        candidate.instances[name] = instance_name(name, candidate.root.name, taken | set(candidate.instances.values()))
