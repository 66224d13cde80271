"""Functions → edits: all that they are handed becomes `self.…` again."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..plan.edits import EditList, Hole, Line, Part, line
from ..plan.spelling import Speller
from ..source import Source
from ..written import is_plain_docstring
from .groups import Group, refusal
from .tensors import Holding, Inner, simple_statements


@dataclass
class Writer:
    """Writes the edits of one model's functions. `callees`: name of a function → its model."""

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

    def write(self) -> None:
        """All edits. Raises Kept where something is not what `--to pure` would have written."""
        for function in self.group.methods.values():
            self._method(function)
        for maker, kind in ((self.group.init, "params"), (self.group.state, "buffers")):
            if maker is not None:
                self._maker(maker, kind)
        for function in self.group.functions:
            self._check_names(function)

    # the functions that run

    def _method(self, function: ast.FunctionDef) -> None:
        group = self.group
        returns = function is group.forward and not group.inner and self._copies(function)
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Name(id=name)) if name in self.callees:
                    self.edits.replace(node, *self._call(node, name))
                case ast.Subscript(value=ast.Name(id="params" | "buffers" as kind)):
                    stores = not isinstance(node.ctx, ast.Load)
                    if stores and kind == "params":
                        raise refusal(group.name, node, f"`{self.source.says(node)}` is changed when it runs")
                    self._tensor(node, node.value, node.slice, kind, prefixed=group.inner)
                case ast.Call(func=ast.Attribute(value=ast.Name(id="params" | "buffers" as kind), attr="get")):
                    self.maybe.add(self._got(node, kind, prefixed=group.inner))
                case ast.Return() if returns and self.source.scopes.scope_of(node) is self.source.scopes.inside(
                    function
                ):
                    self._return(node)
                case _:
                    continue

    def _got(self, call: ast.Call, kind: str, *, prefixed: bool) -> str:
        """`params.get("conv.bias")` → `self.conv_bias`, which may be None; returns the key."""
        if len(call.args) != 1 or call.keywords or not isinstance(call.func, ast.Attribute):
            raise refusal(self.group.name, call, f"`{self.source.says(call)}` has a default")
        return self._tensor(call, call.func.value, call.args[0], kind, prefixed=prefixed)

    def _tensor(self, node: ast.expr, name: ast.expr, key: ast.expr, kind: str, *, prefixed: bool) -> str:
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
                if ast.unparse(value) != "{key: value.clone() for key, value in buffers.items()}":
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
        between = ""
        for argument in call.args[2:]:
            yield between
            yield Hole(argument)
            between = ", "
        for word in call.keywords:
            if word.arg is None or word.arg in named:
                yield f"{between}{word.arg}=" if word.arg is not None else f"{between}**"
                yield Hole(word.value)
                between = ", "
        yield ")"

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

    # the functions that make tensors

    def _maker(self, function: ast.FunctionDef, kind: str) -> None:
        body = self._body(function)
        match body[0], body[-1]:
            case (
                ast.Assign(targets=[ast.Name(id=first) as target], value=ast.Dict(keys=[])),
                ast.Return(value=ast.Name(id=last) as given),
            ) if first == last == kind:
                self.known |= {target, given}
                self.edits.replace_statement(body[-1], *(self.stateless() if kind == self._last else ()))
            case _ if len(body) == 1 and isinstance(body[0], ast.Return) and ast.unparse(body[0]) == "return {}":
                self.edits.replace_statement(body[0], line("super().__init__()"), *self.settings(), *self.stateless())
            case _:
                raise refusal(self.group.name, function, f"{function.name} does not fill one dict and return it")
        for statement in simple_statements(body[:-1]):
            self._making(statement, kind)
        if kind == "buffers" and self.group.init is not None:
            self._repeated(self.group.init, body[1:-1])
        self._first(body, kind)
        for node in ast.walk(function):
            match node:
                case ast.Subscript(value=ast.Name(id="params" | "buffers" as of), ctx=ast.Load()):
                    self._tensor(node, node.value, node.slice, of, prefixed=False)
                case ast.Call(func=ast.Attribute(value=ast.Name(id="params" | "buffers" as of), attr="get")):
                    self.maybe.add(self._got(node, of, prefixed=False))
                case _:
                    continue
        for key in sorted(self.maybe, key=list(self.holding.kinds).index):
            if self.holding.kinds[key] == kind:
                self._none_before(function, key, kind)

    def _body(self, function: ast.FunctionDef) -> list[ast.stmt]:
        """The statements after the docstring, which goes if it only says whose tensors these are."""
        said = ast.get_docstring(function)
        if said is not None and is_plain_docstring(said, self.group.name):
            self.edits.replace_statement(function.body[0])
        return function.body[1:] if said is not None else function.body

    def _first(self, body: list[ast.stmt], kind: str) -> None:
        """`params = {}` → `super().__init__()`, and what the functions are handed is kept."""
        if kind == "buffers" and self.group.init is not None:
            self.edits.replace_statement(body[0])
        elif len(body) > 1:
            self.edits.replace_statement(body[0], line("super().__init__()"), *self.settings())

    def settings(self) -> Iterator[Line]:
        """What the functions are handed is kept."""
        yield from (line(f"self.{one} = {one}") for one in self.group.handed)

    def stateless(self) -> Iterator[Line]:
        """Parts that hold no tensors are made too."""
        for inner in self.holding.inner.values():
            if not inner.group.makers and inner.made is not None:
                told = ", ".join(f"{word.arg}={self.source.says(word.value)}" for word in inner.made.keywords)
                yield line(f"self.{inner.attribute} = {inner.group.name}({told})")

    @property
    def _last(self) -> str:
        return "params" if self.group.init is not None else "buffers"

    def _making(self, statement: ast.stmt, kind: str) -> None:
        update, entry = self.holding.update_of(statement), self.holding.entry_of(statement)
        if update is not None:
            _, prefix, made = update
            inner = self.holding.inner[prefix]
            self.known |= {made.func, statement.value.func.value}  # type: ignore[attr-defined]
            if made is inner.made:
                arguments = tuple(_arguments(made))
                self.edits.replace_statement(
                    statement, line(f"self.{inner.attribute} = {inner.group.name}(", *arguments, ")")
                )
            elif inner.made is not None and [ast.dump(one) for one in (*made.args, *made.keywords)] == [
                ast.dump(one) for one in (*inner.made.args, *inner.made.keywords)
            ]:
                self.edits.replace_statement(statement)
            else:
                raise refusal(self.group.name, statement, f"`{self.source.says(made)}` makes it with other arguments")
        elif entry is not None:
            _, key, value = entry
            self.known.add(statement.targets[0].value)  # type: ignore[attr-defined]
            self.edits.replace_statement(statement, line(*self._registered(key, value, kind)))

    def _registered(self, key: str, value: ast.expr, kind: str) -> tuple[Part, ...]:
        name = self.holding.attributes[key]
        if kind == "buffers":
            return f'self.register_buffer("{name}", ', Hole(value), ")"
        return f"self.{name} = {self.speller.spell('torch.nn.Parameter', value)}(", Hole(value), ")"

    def _repeated(self, init: ast.FunctionDef, body: list[ast.stmt]) -> None:
        """What both makers compute is computed once; what one of them computes otherwise is refused."""
        texts = {ast.dump(one) for one in init.body}
        bound = [node.id for node in ast.walk(init) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        own: list[str] = []
        for statement in body:
            stored = [n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
            own += stored
            if self.holding.update_of(statement) is None and ast.dump(statement) in texts and stored:
                self.edits.replace_statement(statement)
            elif set(stored) & set(bound) and self.holding.update_of(statement) is None:
                raise refusal(self.group.name, statement, f"`{self._says(statement)}` is computed otherwise before")
        read = {n.id for one in body for n in ast.walk(one) if isinstance(n, ast.Name)} - {"params", "buffers"}
        for name in sorted(read & set(bound)):
            if bound.count(name) > 1 or own.count(name) != 1:
                comprehension = name in {"key", "value"} and self.holding.inner
                if not comprehension:
                    raise refusal(self.group.name, init, f"{name} has several values")

    def _none_before(self, function: ast.FunctionDef, key: str, kind: str) -> None:
        """A tensor that may be missing is None then: `self.b = nn.Parameter(…) if bias else None`."""
        for statement in function.body:
            entries = [one for one in ast.walk(statement) if isinstance(one, ast.stmt) and self.holding.entry_of(one)]
            keys = [self.holding.entry_of(one) for one in entries]
            if not isinstance(statement, ast.If) or key not in [one[1] for one in keys if one is not None]:
                continue
            entry = self.holding.entry_of(statement.body[0])
            if len(statement.body) == 1 and not statement.orelse and entry is not None and kind == "params":
                made = self._registered(key, entry[2], kind)
                self.edits.replace_statement(statement, line(*made, " if ", Hole(statement.test), " else None"))
                return
            name = self.holding.attributes[key]
            says = f"self.{name} = None" if kind == "params" else f'self.register_buffer("{name}", None)'
            self.edits.insert(statement, line(says))
            return

    # what is left

    def _check_names(self, function: ast.FunctionDef) -> None:
        """Every other use of what the functions are handed is written as an attribute, or is not understood."""
        maker = function in self.group.makers
        for node in ast.walk(function):
            if not isinstance(node, ast.Name) or node in self.known:
                continue
            if node.id in {"params", "buffers", "prefix"} or node.id in self.callees:
                raise refusal(self.group.name, node, f"`{self._says(node)}` uses {node.id} in another way")
            taken = not maker and node.id in {"training", *self.group.handed}
            if node.id == "self" or (taken and not isinstance(node.ctx, ast.Load)):
                raise refusal(self.group.name, node, f"`{self._says(node)}` gives {node.id} anew")
            if taken:
                if any(isinstance(around, ast.JoinedStr) for around in self.source.ancestors(node)):
                    raise refusal(self.group.name, node, f"{node.id} stands inside an f-string")
                self.edits.replace(node, f"self.{node.id}")

    def _says(self, node: ast.AST) -> str:
        return " ".join(self.source.says(self.source.statement(node)).split())[:80]


def _bound(callee: Group, call: ast.Call) -> dict[str, ast.expr]:
    """Argument → what a part is made with."""
    given = dict(zip(callee.arguments, call.args, strict=False))
    return {**given, **{word.arg: word.value for word in call.keywords if word.arg is not None}}


def _equal(left: ast.expr, right: ast.expr) -> bool:
    return ast.dump(left) == ast.dump(right)


def _arguments(call: ast.Call) -> Iterator[Part]:
    between = ""
    for argument in call.args:
        yield between
        yield Hole(argument)
        between = ", "
    for word in call.keywords:
        yield f"{between}{word.arg}=" if word.arg is not None else f"{between}**"
        yield Hole(word.value)
        between = ", "
