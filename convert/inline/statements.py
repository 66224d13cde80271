"""The body of a factory function, followed statement by statement as far as it is certain which ones run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .value import LAYER, Unclear, Value, operand, row

Environment = dict[str, Value]


@dataclass(frozen=True)
class Follower:
    """Follows bodies. `value` writes an expression out, `truth` tells whether a test holds (None: not certain)."""

    value: Callable[[ast.expr, Environment], Value]
    truth: Callable[[ast.expr, Environment], bool | None]
    counted: Callable[[str], str]
    note: Callable[[], None]

    def run(self, statements: Sequence[ast.stmt], names: Environment) -> Value | None:
        """What a block returns; None where it runs to its end. Raises Unclear."""
        for index, statement in enumerate(statements):
            match statement:
                case ast.Return(value=ast.expr() as value):
                    return self.value(value, names)
                case ast.If(test=test, body=body, orelse=orelse):
                    holds = self.truth(test, names)
                    if holds is None:
                        return self._either(statement, statements[index + 1 :], names)
                    found = self.run(body if holds else orelse, names)
                    if found is not None:
                        return found
                case ast.Assert(test=test):
                    if self.truth(test, names) is not True:
                        raise Unclear
                case ast.Pass() | ast.Expr(value=ast.Constant()):
                    pass
                case _:
                    self._change(statement, names)
        return None

    def _either(self, branch: ast.If, rest: Sequence[ast.stmt], names: Environment) -> Value:
        """`if test: return a` and `return b` are `a if test else b`."""
        test = self.value(branch.test, names)
        one = self.run([*branch.body, *rest], dict(names))
        other = self.run([*branch.orelse, *rest], dict(names))
        if one is None or other is None or test.made or one.items is not None or other.items is not None:
            raise Unclear
        text = f"{operand(one.text)} if {operand(test.text)} else {operand(other.text)}"
        return Value(text, (*one.made, *other.made))

    def _change(self, statement: ast.stmt, names: Environment) -> None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                names[name] = self._own(value, names)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                names[name] = self._own(value, names)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value) if name in names:
                names[name] = self._added(names[name], self.value(value, names))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr), args=[value])) if (
                name in names and attr in {"append", "extend"}
            ):
                new = self.value(value, names)
                if names[name].items is None:
                    raise Unclear
                names[name] = self._added(names[name], row((new,)) if attr == "append" else new)
            case ast.Expr(value=ast.Call() as call) if (local := self._filled(call, names)) is not None:
                held = names[local]
                found = self.value(call, {**names, local: Value(LAYER)})
                names[local] = replace(held, made=(*held.made, *found.made), then=(*held.then, found.text))
                self.note()
            case _:
                raise Unclear

    def _filled(self, call: ast.Call, names: Environment) -> str | None:
        """The local whose layer a call fills: `nn.init.zeros_(m.bias)`, `m.weight.data.normal_()`."""
        inside = {node.id for node in ast.walk(call) if isinstance(node, ast.Name) and node.id in names}
        held = [name for name in inside if names[name].made and names[name].items is None]
        return held[0] if len(held) == 1 and names[held[0]].entries is None else None

    def _own(self, value: ast.expr, names: Environment) -> Value:
        """A value under a new name: a list that has two names could change under both."""
        found = self.value(value, names)
        if found.items is not None and not isinstance(value, (ast.List, ast.BinOp, ast.Call)):
            raise Unclear
        return found

    def _added(self, one: Value, other: Value) -> Value:
        if one.items is not None and other.items is not None:
            return row((*one.items, *other.items))
        if one.items is not None or other.items is not None:
            raise Unclear
        return Value(self.counted(f"{operand(one.text)} + {operand(other.text)}"), (*one.made, *other.made))
