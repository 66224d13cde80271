"""Functions that run → edits: what they are handed becomes `self.…`, and calls of each other calls of methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..plan.edits import EditList, Hole, Part, arguments, line
from ..plan.spelling import Speller
from ..source import Source
from .groups import Group, refusal
from .lists import Run, runs_of
from .tensors import Holding, Inner

_COPIES = ast.dump(ast.parse("{key: value.clone() for key, value in buffers.items()}", mode="eval").body)


@dataclass
class Uses:
    """The functions of one model that run. `callees`: name of a function → its model."""

    source: Source
    holding: Holding
    callees: Mapping[str, Group]
    speller: Speller
    edits: EditList
    known: set[ast.AST] = field(default_factory=set)
    maybe: set[str] = field(default_factory=set)

    @property
    def group(self) -> Group:
        return self.holding.group

    def write_method(self, function: ast.FunctionDef) -> None:
        """The edits of one function. Raises Kept where it hands on something else than it was handed."""
        group = self.group
        returns = function is group.forward and not group.inner and self._copies(function)
        for statement in function.body:
            match statement:
                case ast.Assign(targets=[ast.Name() as local], value=value):
                    runs = runs_of(value, prefixed=group.inner)
                    if runs is not None:
                        self._list(function, statement, local, runs)
                case _:
                    continue
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Name(id=name)) if name in self.callees:
                    self.edits.replace(node, *self._call(node, name))
                case ast.Subscript(value=ast.Name(id="params" | "buffers" as kind)):
                    stores = not isinstance(node.ctx, ast.Load)
                    if stores and kind == "params":
                        raise refusal(group.name, node, f"`{self.source.says(node)}` is changed when it runs")
                    self.tensor(node, node.value, node.slice, kind, prefixed=group.inner)
                case ast.Call(func=ast.Attribute(value=ast.Name(id="params" | "buffers" as kind), attr="get")):
                    self.maybe.add(self.got(node, kind, prefixed=group.inner))
                case ast.Return() if returns and self.source.scopes.scope_of(node) is self.source.scopes.inside(
                    function
                ):
                    self._return(node)
                case _:
                    continue

    def got(self, call: ast.Call, kind: str, *, prefixed: bool) -> str:
        """`params.get("conv.bias")` → `self.conv_bias`, which may be None; returns the key."""
        if len(call.args) != 1 or call.keywords or not isinstance(call.func, ast.Attribute):
            raise refusal(self.group.name, call, f"`{self.source.says(call)}` has a default")
        return self.tensor(call, call.func.value, call.args[0], kind, prefixed=prefixed)

    def tensor(self, node: ast.expr, name: ast.expr, key: ast.expr, kind: str, *, prefixed: bool) -> str:
        """`params["conv.weight"]` → `self.conv_weight`; returns the key."""
        told = self._key(key, prefixed=prefixed)
        if told is None or self.holding.kinds.get(told) != kind:
            raise refusal(self.group.name, node, f"`{self.source.says(node)}` is not a tensor that it makes")
        self.known.add(name)
        self.edits.replace(node, f"self.{self.holding.attributes[told]}")
        return told

    def _key(self, node: ast.expr, *, prefixed: bool) -> str | None:
        """The constant key that an expression is, below the prefix in parts of other models."""
        match node:
            case ast.Constant(value=str(key)) if not prefixed:
                return key
            case ast.JoinedStr(
                values=[ast.FormattedValue(value=ast.Name(id="prefix") as name, conversion=-1, format_spec=None), *rest]
            ) if prefixed and len(rest) <= 1:
                self.known.add(name)
                last = rest[0].value if rest and isinstance(rest[0], ast.Constant) else ""
                return str(last)
            case _:
                return None

    def _copies(self, function: ast.FunctionDef) -> bool:
        """Whether a function begins by copying its buffers, which it then gives back; the copying goes."""
        body = function.body[1:] if ast.get_docstring(function) is not None else function.body
        match body[0]:
            case ast.Assign(targets=[ast.Name(id="buffers") as target], value=ast.DictComp() as value):
                if ast.dump(value) != _COPIES:
                    raise refusal(self.group.name, body[0], f"`{self.source.says(body[0])}` copies in another way")
                self.known |= {target, value.generators[0].iter.func.value}  # type: ignore[attr-defined]
                self.edits.replace_statement(body[0])
                return True
            case _:
                return False

    def _return(self, node: ast.Return) -> None:
        match node.value:
            case ast.Tuple(elts=[value, ast.Name(id="buffers") as given]):
                self.known.add(given)
                self.edits.replace_statement(node, line("return ", Hole(value)))
            case _:
                raise refusal(self.group.name, node, f"`{self.source.says(node)}` gives no buffers back")

    def _call(self, call: ast.Call, name: str) -> Iterator[Part]:
        """`block_forward(params, buffers, x, training=training, prefix="block.")` → `self.block(x)`."""
        callee = self.callees[name]
        named = {word.arg: word for word in call.keywords if word.arg is not None}
        match call.args[:2]:
            case [ast.Name(id="params") as params, ast.Name(id="buffers") as buffers]:
                self.known |= {params, buffers}
            case _:
                raise refusal(self.group.name, call, f"`{self.source.says(call)}` hands over something else")
        self._same(call, named.pop("training", None), "training")
        self.known.add(call.func)
        if callee is self.group:
            if name == f"{callee.stem}forward":
                raise refusal(self.group.name, call, "its forward calls itself")
            if callee.inner:
                self._same(call, named.pop("prefix", None), "prefix")
            for one in [one.arg for one in callee.methods[name].args.kwonlyargs if one.arg in callee.handed]:
                self._same(call, named.pop(one, None), one)
            yield f"self.{callee.method_name(name)}("
        else:
            yield f"self.{self._inner(call, callee, named).attribute}("
        yield from arguments(call.args[2:], [word for word in call.keywords if word.arg is None or word.arg in named])
        yield ")"

    def _list(self, function: ast.FunctionDef, statement: ast.stmt, local: ast.Name, runs: Sequence[Run]) -> None:
        """`blocks = [partial(block_forward, …) for i in range(n)]` goes, and `blocks` is `self.blocks`."""
        attribute = runs[0].path[0]
        listed = self.holding.lists.get(attribute)
        entries = listed.entries if listed is not None else []
        if [(one.path, [loop.told for loop in one.loops]) for one in entries] != [
            (one.path, [loop.told for loop in one.loops]) for one in runs
        ]:
            raise refusal(self.group.name, statement, f"`{self.says(statement)}` is no list that it makes")
        for run, entry in zip(runs, entries, strict=True):
            self._run(run, entry.made)
        self.known |= {node for node in ast.walk(statement) if isinstance(node, ast.Name)}
        for node in ast.walk(function):
            if not isinstance(node, ast.Name) or node.id != local.id or node is local:
                continue
            inside = any(isinstance(around, ast.JoinedStr) for around in self.source.ancestors(node))
            if inside or not isinstance(node.ctx, ast.Load):
                raise refusal(self.group.name, node, f"`{self.says(node)}` gives {local.id} anew")
            self.edits.replace(node, f"self.{attribute}")
        self.edits.replace_statement(statement)

    def _run(self, run: Run, made: ast.Call) -> None:
        """One model of a list runs with what it was made with."""
        callee, call = self.holding.owners[made], run.call
        named = {word.arg: word for word in call.keywords if word.arg is not None}
        match call.args:
            case [ast.Name(id=name), ast.Name(id="params"), ast.Name(id="buffers")] if (
                name == f"{callee.stem}forward" and len(named) == len(call.keywords)
            ):
                self._same(call, named.pop("training", None), "training")
            case _:
                raise refusal(self.group.name, call, f"`{self.source.says(call)}` runs another part than was made")
        named.pop("prefix", None)
        bound = _bound(callee, made)
        wanted = {one: bound[one] for one in callee.handed if one in bound}
        if named.keys() != wanted.keys() or any(not _equal(word.value, wanted[one]) for one, word in named.items()):
            raise refusal(self.group.name, call, f"`{self.source.says(call)}` is handed something else than was made")
        own = {*self.group.handed, *self._globals, *(name for loop in run.loops for name in loop.names)}
        parts = [word.value for word in named.values()] + [loop.over for loop in run.loops]
        for node in (inner for part in parts for inner in ast.walk(part)):
            if isinstance(node, ast.Name) and node.id not in own and self.source.scopes.is_bound(node.id, node):
                raise refusal(self.group.name, call, f"`{node.id}` is computed anew")

    def _same(self, call: ast.Call, word: ast.keyword | None, name: str) -> None:
        """A call must hand on what it was handed itself."""
        if word is None or not (isinstance(word.value, ast.Name) and word.value.id == name):
            raise refusal(self.group.name, call, f"`{self.source.says(call)}` does not hand {name} on")
        self.known.add(word.value)

    def _inner(self, call: ast.Call, callee: Group, named: dict[str, ast.keyword]) -> Inner:
        """The part that a call runs, taking what it is handed out of `named`: what the part was made with."""
        word = named.pop("prefix", None)
        prefix = self._key(word.value, prefixed=self.group.inner) if word is not None else None
        if prefix is None or not prefix.endswith(".") or not prefix[:-1].isidentifier():
            raise refusal(self.group.name, call, f"`{self.source.says(call)}` runs no part of it")
        handed = {one: named.pop(one).value for one in callee.handed if one in named}
        found = self.holding.inner.get(prefix)
        if found is None and not callee.makers:
            found = self.holding.inner[prefix] = Inner(callee, prefix[:-1])
        if found is None or found.group is not callee:
            raise refusal(self.group.name, call, f"`{self.source.says(call)}` runs another part than was made")
        made = _bound(callee, found.made) if found.made is not None else handed
        for one in callee.handed:
            left, right = handed.get(one), made.get(one)
            if (left is None) != (right is None) or (
                left is not None and right is not None and not _equal(left, right)
            ):
                raise refusal(self.group.name, call, f"`{self.source.says(call)}` hands over another {one}")
        for value in handed.values():
            for node in ast.walk(value):
                if isinstance(node, ast.Name) and node.id not in self.group.handed and node.id not in self._globals:
                    raise refusal(self.group.name, call, f"`{node.id}` is computed anew")
                self.known.add(node)
        if found.made is None:
            found.made = ast.Call(ast.Name(callee.name), [], [ast.keyword(one, value) for one, value in handed.items()])
        return found

    @property
    def _globals(self) -> set[str]:
        return set(self.source.scopes.root.bindings)

    def says(self, node: ast.AST) -> str:
        """The statement around a node, as far as it fits into a message."""
        return " ".join(self.source.says(self.source.statement(node)).split())[:80]


def _bound(callee: Group, call: ast.Call) -> dict[str, ast.expr]:
    """Argument → what a part is made with."""
    given = dict(zip(callee.arguments, call.args, strict=False))
    return {**given, **{word.arg: word.value for word in call.keywords if word.arg is not None}}


def _equal(left: ast.expr, right: ast.expr) -> bool:
    return ast.dump(left) == ast.dump(right)
