"""Weights that are variables of the module, `W = torch.randn(3, requires_grad=True)`, and functions that close over it.

The function becomes an instance of a class, under the function's name: its callers stay as they are.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from ..plan.plan import Kept
from ..source import Source
from .candidate import Candidate, buffers_of, check_function, check_making, check_method_names
from .fresh import check_fresh, check_in_place, is_unwatched
from .gain import check_trains
from .holders import names_in
from .takers import Taker, Takers, roles_of
from .titles import Titles, class_name
from .training import training_of
from .uses import check_unregistered
from .weights import Entry, Making, block_making, bound_display, constant_key

_IN_PLACE = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_QUIET = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


@dataclass
class Variables:
    """The variables of a module that hold weights, and what reads them."""

    source: Source
    entries: dict[str, Entry] = field(default_factory=dict)  # by the variable, or the variable and key of a dictionary
    dropped: dict[str, ast.stmt] = field(default_factory=dict)
    reads: dict[ast.expr, str] = field(default_factory=dict)
    loose: dict[ast.Name, str] = field(default_factory=dict)  # other uses of a dictionary → its variable
    makings: dict[str, Making] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for statement in self.source.tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if self._is_single(name):
                    bound = bound_display(statement)
                    if bound is not None:
                        self._add_dictionary(statement)
                    elif isinstance(value, ast.Call):
                        self._add_tensor(name, value, statement)

    def _is_single(self, name: str) -> bool:
        names = list(names_in(self.source, self.source.scopes.root, name))
        declared = any(name in each.names for each in self.source.every(ast.Global))
        stores = [each for each in names if not isinstance(each.ctx, ast.Load)]
        return sum(not is_change(self.source, each) for each in stores) == 1 and not declared

    def _add_dictionary(self, statement: ast.stmt) -> None:
        try:
            making = block_making(self.source, statement, self.source.tree.body)
        except Kept:
            return
        if making is None:
            return
        self.makings[making.name] = making
        own = {id(node) for node in making.inside}
        for node in names_in(self.source, self.source.scopes.root, making.name):
            parent = self.source.parent(node)
            key = constant_key(parent.slice) if isinstance(parent, ast.Subscript) and parent.value is node else None
            if id(node) in own:
                continue
            if key in making.keys and isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Load):
                self.reads[parent] = f"{making.name}[{key}]"
            else:
                self.loose[node] = making.name
        self.entries.update({f"{making.name}[{entry.key}]": entry for entry in making.entries})

    def _add_tensor(self, name: str, value: ast.Call, statement: ast.stmt) -> None:
        """A tensor that trains; one that does not is a constant of the module."""
        names = names_in(self.source, self.source.scopes.root, name)
        uses = [node for node in names if isinstance(node.ctx, ast.Load) or is_change(self.source, node)]
        said = [use for use in uses if self._says_it_trains(use)]
        try:
            if training_of(self.source, value).says == "no" and not said:
                return
        except Kept:
            return
        self.entries[name] = Entry(name, value, statement)
        if said:
            self.dropped[name] = self.source.statement(said[0])
        self.reads.update({use: name for use in uses if use not in said[:1]})

    def _says_it_trains(self, use: ast.Name) -> bool:
        """`W.requires_grad_()` or `W.requires_grad = True` as a statement of the module."""
        statement = self.source.statement(use)
        texts = {f"{use.id}.requires_grad_()", f"{use.id}.requires_grad_(True)", f"{use.id}.requires_grad = True"}
        return statement in self.source.tree.body and ast.unparse(statement) in texts


def is_change(source: Source, name: ast.Name) -> bool:
    """`W -= lr * W.grad` under no_grad: the tensor stays the same object."""
    around = source.parent(name)
    if not isinstance(around, ast.AugAssign) or around.target is not name:
        return False
    return isinstance(around.op, _IN_PLACE) and is_unwatched(source, name)


def shared_groups(takers: Takers) -> Iterator[tuple[list[Taker], Variables]]:
    """Functions that hand variables of the module to torch as weights; those that share them or call each other."""
    variables = Variables(takers.source)
    if not variables.entries:
        return
    found: list[Taker] = []
    for function in takers.functions.values():
        inside = {id(node) for node in ast.walk(function)}
        taker = Taker(function, "", -1, {node: key for node, key in variables.reads.items() if id(node) in inside})
        for call in takers.sites(function) if taker.reads else ():
            if any(call.args.get(slot.name) in taker.reads for slot in call.pairs[0].handed if not slot.given):
                taker.weighted.append(call)
        if taker.weighted and function.name not in takers.found:
            found.append(taker)
    while found:
        group = [found.pop(0)]
        for one in group:
            near = [other for other in found if _are_near(takers, one, other)]
            group += near
            found = [other for other in found if other not in near]
        yield sorted(group, key=lambda taker: taker.function.lineno), variables


def _are_near(takers: Takers, one: Taker, other: Taker) -> bool:
    if set(map(_variable, one.reads.values())) & set(map(_variable, other.reads.values())):
        return True
    return any(
        id(call) in {id(node) for node in ast.walk(a.function)}
        for a, b in ((one, other), (other, one))
        for call in takers.calls_of(b)
    )


def _variable(key: str) -> str:
    """Of a dictionary all entries belong together."""
    return key.partition("[")[0]


def shared_candidate(
    takers: Takers, group: list[Taker], variables: Variables, taken: Collection[str], number: int
) -> Candidate:
    """Decide one group. Raises Kept."""
    source, roles = takers.source, roles_of(takers, group)
    for taker in group:
        check_function(source, taker.function)
        _check_handed(takers, taker)
    _check_called(takers, roles.root)
    for taker in roles.methods:
        for mention in takers.mentions(taker.name):
            call = source.parent(mention)
            if not (isinstance(call, ast.Call) and call.func is mention):
                text = " ".join(source.says(source.statement(mention)).split())[:60]
                raise Kept("NF290", mention, function=taker.name, other=mention.lineno, text=text)
    check_method_names(roles.methods)
    owners = {_variable(key) for taker in group for key in taker.reads.values()}
    making = _making(variables, owners)
    check_making(source, making)
    check_fresh(source, making)
    check_in_place(source, [node for node in variables.reads if _variable(variables.reads[node]) in owners])
    inside = {id(node) for taker in group for node in ast.walk(taker.function)}
    short = {key: entry.key for key, entry in variables.entries.items()}
    for taker in group:
        taker.reads = {node: short[key] for node, key in taker.reads.items()}
    training = {entry.key: training_of(source, entry.value) for entry in making.entries}
    check_trains(takers, group, making, training)
    candidate = Candidate(
        class_name(roles.root.name, taken),
        roles.root,
        roles.methods,
        (),
        making,
        [],
        Titles(making.keys, number, taken=frozenset(taker.name for taker in roles.methods)),
        training,
        buffers_of(group, making, {} if making.dropped else training),
        shown={key: source.says(node) for taker in group for node, key in taker.reads.items()},
        outside={
            node: short[key]
            for node, key in variables.reads.items()
            if _variable(key) in owners and id(node) not in inside
        },
        loose=tuple(node for node, name in variables.loose.items() if name in owners),
        place=_place(source, making, roles.root.function),
    )
    _check_order(source, candidate)
    return candidate


def _check_handed(takers: Takers, taker: Taker) -> None:
    """Every weight of the module is followed, or is bound but once."""
    source = takers.source
    for call in taker.weighted:
        for node in (call.args.get(slot.name) for slot in call.pairs[0].handed):
            if not isinstance(node, ast.Name) or node in taker.reads:
                continue
            names = names_in(source, source.scopes.root, node.id)
            stores = [one for one in names if not isinstance(one.ctx, ast.Load)]
            if source.scopes.scope_binding(node) is source.scopes.root and len(stores) > 1:
                raise Kept("NF287", stores[1], text=source.says(source.statement(stores[1]))[:80])


def _check_called(takers: Takers, root: Taker) -> None:
    """A function has attributes of its own, and a module has others."""
    for mention in takers.mentions(root.name):
        around = takers.source.parent(mention)
        if not (isinstance(around, ast.Call) and around.func is mention):
            check_unregistered(takers.source, mention)
        if isinstance(around, ast.Attribute):
            text = " ".join(takers.source.says(takers.source.statement(mention)).split())[:60]
            raise Kept("NF290", mention, function=root.name, other=mention.lineno, text=text)


def _making(variables: Variables, owners: set[str]) -> Making:
    """All that makes these variables, in the order of the file."""
    entries = [entry for key, entry in variables.entries.items() if _variable(key) in owners]
    if len({entry.key for entry in entries}) != len(entries):
        raise Kept("NF287", entries[0].statement, text="the same key in two dictionaries")
    made = [variables.makings[name] for name in owners if name in variables.makings]
    statements = {entry.statement for entry in entries} | {one for making in made for one in making.statements}
    dropped = {variables.dropped[name] for name in owners if name in variables.dropped}
    dropped |= {one for making in made for one in making.dropped}
    ordered = tuple(sorted(statements, key=lambda one: one.lineno))
    entries.sort(key=lambda entry: (entry.value.lineno, entry.value.col_offset))
    return Making(sorted(owners)[0], tuple(entries), ordered, tuple(sorted(dropped, key=lambda one: one.lineno)))


def _place(source: Source, making: Making, root: ast.FunctionDef) -> ast.stmt:
    """The statement after which all is there: the function, or the last of the weights."""
    return max([root, *making.statements], key=lambda one: one.lineno)


def _check_order(source: Source, candidate: Candidate) -> None:
    """The weights are made when the instance is: nothing that runs between may tell the difference."""
    assert candidate.place is not None
    first, last = candidate.making.statements[0].lineno, candidate.place.lineno
    for statement in source.tree.body:
        if not first < statement.lineno < last or statement in candidate.making.statements:
            continue
        quiet = isinstance(statement, _QUIET) or not any(
            isinstance(node, (ast.Call, ast.Yield, ast.Await)) for node in ast.walk(statement)
        )
        made = statement in candidate.making.dropped or _makes_tensor(source, statement)
        uses = any(node in candidate.outside for node in ast.walk(statement))
        if not (quiet or made) or (uses and not isinstance(statement, _QUIET)):
            text = " ".join(source.says(statement).split())[:60]
            raise Kept("NF297", statement, function=candidate.root.name, other=statement.lineno, text=text)


def _makes_tensor(source: Source, statement: ast.stmt) -> bool:
    """Another weight, of another function."""
    if not (isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call)):
        return False
    try:
        return training_of(source, statement.value).says != "no"
    except Kept:
        return False
