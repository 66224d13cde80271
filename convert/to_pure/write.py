"""Form → edits: every use of `self` in the bodies of a class's methods written as what its functions are handed.

The methods stay where they are; `lift` gives them their heads and takes the class statement away.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..plan.edits import EditList, Hole, Line, Part, arguments, line
from ..recognise.model import Method
from ..rewrite import shares_line
from ..source import Source
from .facts import definition_of
from .form import Form
from .forming import given
from .heads import signature
from .lists import listed, made
from .shape import is_static, refusal, super_call
from .slices import simple
from .sometimes import asked, compared
from .tensors import absent_test, parameter_data


@dataclass
class Writer:
    """Writes the edits of one class."""

    form: Form
    edits: EditList
    quote: str

    @property
    def source(self) -> Source:
        return self.form.facts.model.source

    def write(self) -> None:
        """All edits of the class. Raises Kept where a statement has no place for its lines."""
        self._crowded()
        for node in self.form.facts.model.own_nodes:
            if isinstance(node, ast.Attribute):
                self._use(node)
        for attribute in self.form.facts.forwards:
            self.edits.replace(attribute, Hole(attribute.value))
        self._initial()
        for name, method in self.form.facts.methods.items():
            self._method(name, method)

    def _crowded(self) -> None:
        for method in self.form.facts.model.methods.values():
            for node in ast.walk(method.node):
                if isinstance(node, ast.stmt) and node is not method.node and shares_line(self.source, node):
                    first = node is method.node.body[0]
                    if first or method.name == "__init__" or isinstance(node, ast.Return):
                        raise refusal(node, "a statement shares its line with others")

    def _use(self, node: ast.Attribute) -> None:
        """One `self.x`, wherever it stands."""
        facts, name = self.form.facts, node.attr
        if self.source.parent(node) in self._registrations:
            return
        method = facts.model.method_of(node)
        if name in facts.params or name in facts.buffers:
            self.edits.replace(node, self._tensor(name, node, method))
        elif name in facts.settings:
            self.edits.replace(node, self.form.slicer.locals[name])
        elif name in facts.constants:
            self.edits.replace(node, facts.constants[name])
        elif name == "training":
            in_init = method is facts.model.init  # a module begins in train mode
            self.edits.replace(node, "True" if in_init else name)
        elif name in facts.lists:
            if method is not None and method is not facts.model.init:
                self.edits.replace(node, self.form.listed[method.name][name])
        elif name in facts.children or name in facts.methods:
            call = self.source.parent(node)
            if (compare := compared(facts.model, node)) is not None and name in facts.tests:
                self.edits.replace(compare, *asked(facts.tests[name], compare))
            elif isinstance(call, ast.Call) and call.func is node and method is not None:
                self.edits.replace(call, *self._call(name, call))

    @property
    def _registrations(self) -> set[ast.AST]:
        attributes = self.form.facts.model.attributes.values()
        return {one.call for each in attributes for one in each.definitions if one.call is not None}

    def _tensor(self, name: str, node: ast.Attribute, method: Method | None) -> str:
        """`params["conv.weight"]`; in a function of a class that others hold, below a prefix."""
        facts = self.form.facts
        of, keys = ("params", facts.params) if name in facts.params else ("buffers", facts.buffers)
        key = self._key(keys[name], prefixed=not self.form.is_root and method is not facts.model.init)
        if name in facts.maybe and isinstance(node.ctx, ast.Load):
            return f"{of}.get({key})"
        return f"{of}[{key}]"

    def _key(self, key: str, *, prefixed: bool) -> str:
        return f"f{self.quote}{{prefix}}{key}{self.quote}" if prefixed else f"{self.quote}{key}{self.quote}"

    def _call(self, name: str, call: ast.Call) -> Iterator[Part]:
        """`self.block(x)` → `block_forward(params, buffers, x, training=training, prefix="block.")`."""
        form = self.form
        one = form.facts.children.get(name)
        child = form.children[one.name] if one is not None else None
        if child is None and is_static(form.facts.methods[name].node):
            yield f"{form.names[name]}("
            yield from arguments(call.args, call.keywords)
            yield ")"
            return
        yield (child.names["forward"] if child else form.names[name]) + "(params, buffers"
        yield from arguments(call.args, call.keywords, ", ")
        yield ", training=training"
        if one is not None:
            yield f", prefix={self._key(f'{name}.', prefixed=not form.is_root)}"
            for argument_name, value in given(form, one).items():
                yield f", {argument_name}="
                yield Hole(value)
        else:
            yield ", prefix=prefix" if not form.is_root else ""
            yield "".join(f", {one}={one}" for one in form.handed[name])
        yield ")"

    def _initial(self) -> None:
        """The constructor: what makes parameters stays in it, what makes buffers goes into a function after it."""
        form, model = self.form, self.form.facts.model
        if model.init is None:
            return
        init = model.init.node
        kept = set(simple(form.initial)) if form.makes_params else set()
        for statement in self._leaves(form.body):
            if statement not in kept:
                self.edits.replace_statement(statement)
            elif form.kind(statement) in {"param", "child"}:
                self.edits.replace_statement(statement, *self._makes(statement, "params"))
        first = super_call(model)
        if first is None:
            raise refusal(init, "its __init__ does not call that of nn.Module plainly")
        self.edits.replace_statement(first, line("params = {}"))
        # after the whole function: its last statement may go, and what is written after that with it
        buffers = self._buffers() if form.makes_buffers else ()
        self.edits.insert(init, line("return params", depth=1), *buffers, after=True)

    def _leaves(self, statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
        """Statements that stand or go as one; an `if` of which nothing stays goes whole."""
        kept = set(simple(self.form.initial))
        for one in statements:
            if isinstance(one, ast.If) and any(inner in kept for inner in ast.walk(one)):
                yield from self._leaves([*one.body, *one.orelse])
            else:
                yield one

    def _makes(self, statement: ast.stmt, what: str) -> Iterator[Line]:
        """How a parameter, a buffer or a child comes into the dict."""
        facts = self.form.facts
        found = definition_of(facts, statement)
        if found is None:
            return
        name, definition = found
        part = facts.part(name)
        if part is not None:
            yield from made(self.form, part, f"{name}.", what, self.quote)
            return
        key = self._key((facts.params if name in facts.params else facts.buffers)[name], prefixed=False)
        value = definition.value
        if value is None:
            return
        absent = absent_test(facts.model, self._data(value))
        if absent is None:
            yield line(f"{what}[{key}] = ", Hole(self._data(value)))
            return
        there = value.body if isinstance(value, ast.IfExp) else value
        yield line("if ", Hole(absent[0]), f"{absent[1]}:")
        yield line(f"{what}[{key}] = ", Hole(self._data(there)), depth=1)

    def _data(self, value: ast.expr) -> ast.expr:
        """The tensor inside `nn.Parameter(…)` or `nn.Buffer(…)`."""
        if isinstance(value, ast.Call) and self.source.path_of(value.func) == "torch.nn.Buffer":
            return value.args[0]
        return parameter_data(self.form.facts.model, value) or value

    def _buffers(self) -> Iterator[Line]:
        """The function that makes the buffers."""
        form, model = self.form, self.form.facts.model
        assert model.init is not None
        head = signature(self.source, model.init, ())
        yield Line(())
        yield line(f"def {form.names['init_buffers']}({', '.join(head)}):")
        yield line(f'"""Initial buffers of {model.name}."""', depth=1)
        yield line("buffers = {}", depth=1)
        yield from form.slicer.lines(form.buffered, self._buffer_lines, 1)
        yield line("return buffers", depth=1)

    def _buffer_lines(self, statement: ast.stmt) -> Sequence[Line] | None:
        if self.form.kind(statement) not in {"buffer", "child"} or definition_of(self.form.facts, statement) is None:
            return None
        return list(self._makes(statement, "buffers"))

    def _method(self, name: str, method: Method) -> None:
        """What a function begins with, and, for the one that gives buffers back, how it ends."""
        form, facts = self.form, self.form.facts
        body = method.node.body
        docstring = ast.get_docstring(method.node) is not None
        lines: list[Line] = []
        returns = name == "forward" and form.is_root and form.changes
        if returns:
            lines.append(line("buffers = {key: value.clone() for key, value in buffers.items()}"))
        lines += form.slicer.lines(form.prologues[name], lambda _one: None)
        for attribute, local in form.listed[name].items():
            prefix = f"{attribute}." if form.is_root else f"{{prefix}}{attribute}."
            lines += listed(form, facts.lists[attribute], prefix, self.quote, f"{local} = ")
        form.begun[name] = len(form.prologues[name]) + returns + len(form.listed[name])
        if docstring and len(body) == 1:
            raise refusal(body[0], f"method {name} does nothing")
        if lines:
            self.edits.insert(body[1] if docstring else body[0], *lines)
        if returns:
            self._returns(method)

    def _returns(self, method: Method) -> None:
        own = self.source.scopes.inside(method.node)
        for node in ast.walk(method.node):
            if not isinstance(node, ast.Return) or self.source.scopes.scope_of(node) is not own:
                continue
            if node.value is None:
                self.edits.replace_statement(node, line("return None, buffers"))
                continue
            text = self.source.says(node.value)
            bare = isinstance(node.value, ast.Tuple) and not text.startswith("(")
            left, right = ("(", ")") if bare or isinstance(node.value, (ast.Lambda, ast.IfExp)) else ("", "")
            self.edits.replace_statement(node, line(f"return {left}", Hole(node.value), f"{right}, buffers"))
        if not _ends(method.node.body):
            self.edits.insert(method.node.body[-1], line("return None, buffers"), after=True)


def _ends(body: Sequence[ast.stmt]) -> bool:
    """Whether a block never runs past its end."""
    match body[-1]:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(body=then, orelse=other):
            return bool(other) and _ends(then) and _ends(other)
        case ast.With(body=inner):
            return _ends(inner)
        case _:
            return False
