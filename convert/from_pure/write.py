"""Functions → edits: what makes tensors becomes a constructor; `uses` writes the functions that run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..plan.edits import Hole, Line, Part, arguments, line
from ..written import is_plain_docstring
from .groups import refusal
from .lists import constructed
from .tensors import simple_statements
from .uses import Uses


class Writer(Uses):
    """Writes the edits of one model's functions."""

    def write(self) -> None:
        """All edits. Raises Kept where something is not what `--to pure` would have written."""
        for function in self.group.methods.values():
            self.write_method(function)
        for maker, kind in ((self.group.init, "params"), (self.group.state, "buffers")):
            if maker is not None:
                self._maker(maker, kind)
        for function in self.group.functions:
            self._check_names(function)

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
                    self._check_made(node, of, kind)
                    self.tensor(node, node.value, node.slice, of, prefixed=False)
                case ast.Call(func=ast.Attribute(value=ast.Name(id="params" | "buffers" as of), attr="get")):
                    self._check_made(node, of, kind)
                    self.maybe.add(self.got(node, of, prefixed=False))
                case _:
                    continue
        for key in sorted(self.maybe, key=list(self.holding.kinds).index):
            if self.holding.kinds[key] == kind:
                self._none_before(function, key, kind)

    def _check_made(self, node: ast.expr, of: str, kind: str) -> None:
        """Tensors of the other dict are not there yet; one that trains is changed under torch.no_grad() only."""
        around = self.source.parent(node)
        attr = around.attr if isinstance(around, ast.Attribute) else ""
        changed = attr.endswith("_") or (
            isinstance(around, (ast.Subscript, ast.AugAssign))
            and not isinstance(getattr(around, "ctx", None), ast.Load)
        )
        guarded = any(isinstance(one, ast.With) for one in self.source.ancestors(node))
        if of != kind or (kind == "params" and changed and not guarded):
            raise refusal(self.group.name, node, f"`{self.says(node)}` would fail for a parameter that trains")

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

    def _listing(self, statement: ast.stmt) -> None:
        """What makes a list of models stands where the first of them is made."""
        self.known |= {node for node in ast.walk(statement) if isinstance(node, ast.Name)}
        for name, listed in self.holding.lists.items():
            if listed.statements[0] is statement:
                owner = self.speller.spell("torch.nn.ModuleList", statement).rpartition(".")[0]
                names = {call: group.name for call, group in self.holding.owners.items()}
                self.edits.replace_statement(
                    statement, line(f"self.{name} = ", *constructed(listed.entries, names, owner))
                )
                return
        self.edits.replace_statement(statement)

    def _making(self, statement: ast.stmt, kind: str) -> None:
        if statement in self.holding.listing:
            self._listing(statement)
            return
        update, entry = self.holding.update_of(statement), self.holding.entry_of(statement)
        if update is not None:
            _, prefix, made = update
            inner = self.holding.inner[prefix]
            self.known |= {made.func, statement.value.func.value}  # type: ignore[attr-defined]
            if made is inner.made:
                handed = arguments(made.args, made.keywords)
                self.edits.replace_statement(
                    statement, line(f"self.{inner.attribute} = {inner.group.name}(", *handed, ")")
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
            if statement in self.holding.listing:
                continue
            stored = [n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
            own += stored
            if self.holding.update_of(statement) is None and ast.dump(statement) in texts and stored:
                self.edits.replace_statement(statement)
            elif set(stored) & set(bound) and self.holding.update_of(statement) is None:
                raise refusal(self.group.name, statement, f"`{self.says(statement)}` is computed otherwise before")
        rest = [one for one in body if one not in self.holding.listing]
        read = {n.id for one in rest for n in ast.walk(one) if isinstance(n, ast.Name)} - {"params", "buffers"}
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

    def _check_names(self, function: ast.FunctionDef) -> None:
        """Every other use of what the functions are handed is written as an attribute, or is not understood."""
        maker = function in self.group.makers
        for node in ast.walk(function):
            if not isinstance(node, ast.Name) or node in self.known:
                continue
            if node.id in {"params", "buffers", "prefix"} or node.id in self.callees:
                raise refusal(self.group.name, node, f"`{self.says(node)}` uses {node.id} in another way")
            taken = not maker and node.id in {"training", *self.group.handed}
            if node.id == "self" or (taken and not isinstance(node.ctx, ast.Load)):
                raise refusal(self.group.name, node, f"`{self.says(node)}` gives {node.id} anew")
            if taken:
                if any(isinstance(around, ast.JoinedStr) for around in self.source.ancestors(node)):
                    raise refusal(self.group.name, node, f"{node.id} stands inside an f-string")
                self.edits.replace(node, f"self.{node.id}")
