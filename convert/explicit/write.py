"""Writes a candidate as a class of functional style: its weights as parameters, its functions as methods.

What is a layer in it is for the planner of layers to decide, as in any other class.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator

from ..plan.plan import Kept
from ..recognise.block import block_of
from ..source import Source, Span
from .candidate import Candidate
from .fresh import check_in_place
from .holders import Holder
from .pieces import Patched, Row, whole_lines
from .takers import Taker, Takers, given
from .uses import ITEMS, change_of, needs_order, only_says_it_trains, without_argument
from .weights import Entry, bound_display, constant_key


class Writer:
    """Puts one candidate into the text of its file."""

    def __init__(self, takers: Takers, candidate: Candidate, patched: Patched, nn: str) -> None:
        self.source: Source = takers.source
        self.takers = takers
        self.candidate = candidate
        self.patched = patched
        self.moved = Patched(takers.source)
        self.nn = nn
        self.unit = takers.source.indent_unit

    def write(self) -> None:
        """Add the patches of the whole file. Raises Kept where a use of the weights cannot follow."""
        candidate = self.candidate
        for taker in candidate.members:
            self._follow_inside(taker)
        for caller in candidate.callers:
            self._follow_caller(caller)
        for holder in candidate.holders:
            self._follow_holder(holder)
        if candidate.is_shared:
            self._follow_shared()
        self._add_making()
        place, root = self._place(), candidate.root.function
        gone = [taker.function for taker in candidate.members]
        gone += [candidate.making.function] if candidate.making.function is not None else []
        for function in gone:
            if function is not place:
                self.patched.put_rows(lines_with_blanks(self.source, function), ())
        if place in gone:
            made = [Row("", root.lineno)] * 2 + [Row(f"{root.name} = {candidate.name}()", root.lineno)]
            rows = [*self._class_rows(), *(made if candidate.place is root else ())]
            self.patched.put_rows(_lines_of(self.source, place), rows)
        else:
            start = self.source.lines.line_span(_first_line(self.source, place)).start
            above = self.source.text[:start].rstrip(" \t")
            blank = [Row("", place.lineno)] * (2 - min(2, (above[-3:].count("\n") - 1)) if above else 0)
            self.patched.put_rows(Span(start, start), [*blank, *self._class_rows(), *[Row("", place.lineno)] * 2])

    def _place(self) -> ast.stmt:
        """Where the class is written: at its own function, unless the module holds the weights before that."""
        candidate, module = self.candidate, self.source.tree.body
        root = candidate.root.function
        early = [h.statement for h in candidate.holders if h.statement in module and h.statement.lineno < root.lineno]
        if not early:
            return root
        return candidate.making.function or early[0]

    # what moves into the class

    def _follow_inside(self, taker: Taker) -> None:
        """Weights and calls in a function that becomes a method."""
        source, attributes = self.source, self.candidate.titles.attributes
        for node, key in taker.reads.items():
            self.moved.put(source.span(node), f"self.{attributes[key]}")
        for statement, names in taker.unpacked.items():
            self.moved.put_rows(_lines_of(source, statement), ())
            for number, name in enumerate(names):
                for node in self.takers.names_of(taker.function, name):
                    if isinstance(node.ctx, ast.Load):
                        self.moved.put(source.span(node), f"self.{attributes[str(number)]}")
        inside = {id(node) for node in ast.walk(taker.function)}
        for other in self.candidate.members:
            for call in self.takers.calls_of(other):
                if id(call) in inside:
                    self._call(self.moved, call, other, f"self.{other.name}")

    def _call(self, where: Patched, call: ast.Call, taker: Taker, function: str) -> None:
        where.put(self.source.span(call.func), function)
        argument = given(taker.function, call, taker.position) if taker.argument else None
        if argument is not None:
            where.put(without_argument(self.source, call, argument), "")

    def _class_rows(self) -> list[Row]:
        root = self.candidate.root.function
        rows = [Row(f"class {self.candidate.name}({self.nn}.Module):", root.lineno), *self._init_rows()]
        for taker in self.candidate.members:
            name = "forward" if taker is self.candidate.root else taker.name
            arguments = _arguments(taker.function, taker.argument)
            returns = f" -> {self.source.says(taker.function.returns)}" if taker.function.returns else ""
            rows += [Row("", taker.function.lineno), *self._comments(taker.function)]
            rows.append(Row(f"{self.unit}def {name}({arguments}){returns}:", taker.function.lineno))
            rows += self._body(taker.function)
        return rows

    def _init_rows(self) -> list[Row]:
        making = self.candidate.making
        line = making.function.lineno if making.function else making.statements[0].lineno
        arguments = _arguments(making.function, None) if making.function else "self"
        begin = Row(f"{self.unit * 2}super().__init__()", line)
        rows = self._comments(making.function) if making.function is not None else []
        rows.append(Row(f"{self.unit}def __init__({arguments}):", line))
        if making.function is not None:
            body = self._body(making.function)
            after = _docstring_rows(making.function)
            return [*rows, *body[:after], begin, *body[after:]]
        rows.append(begin)
        for statement in making.statements:
            rows += self._shifted(self._statement_rows(statement), self.source.lines.indentation(statement.lineno), 2)
        return rows

    def _statement_rows(self, statement: ast.stmt) -> list[Row]:
        rows = self.moved.rows(_lines_of(self.source, statement))
        return rows[:-1] if rows and not rows[-1].text else rows

    def _comments(self, function: ast.FunctionDef) -> list[Row]:
        """The comment just above a function that moves, where it moves."""
        if function is self._place():
            return []
        rows = []
        for line in range(_first_line(self.source, function), function.lineno):
            span = self.source.lines.line_span(line)
            rows.append(Row(self.unit + self.source.text[span.start : span.end].strip(), line))
        return rows

    def _body(self, function: ast.FunctionDef) -> list[Row]:
        """The rows of a function's body, as they read in a method of the class."""
        first, last = function.body[0], function.end_lineno or function.lineno
        if first.lineno == function.lineno:
            rows = self.moved.rows(self.source.span(first))
            return [Row(self.unit * 2 + row.text, row.origin) for row in rows]
        rows = self.moved.rows(whole_lines(self.source, _header_end(self.source, function) + 1, last))
        if rows and not rows[-1].text:
            rows.pop()
        return self._shifted(rows, self.source.lines.indentation(first.lineno), 2)

    def _shifted(self, rows: list[Row], indent: str, depth: int) -> list[Row]:
        """Rows whose statements stood at one indentation, at another."""
        new = self.unit * depth
        found = []
        for row in rows:
            text = new + row.text[len(indent) :] if row.text.startswith(indent) else row.text
            found.append(Row(text if row.text.strip() else "", row.origin))
        return found

    def _follow_shared(self) -> None:
        """Weights that were variables are reached through the instance, which is made where all is there."""
        candidate, root = self.candidate, self.candidate.root.function
        for node, key in candidate.outside.items():
            self.patched.put(self.source.span(node), f"{root.name}.{candidate.titles.read_word(key)}")
        for use in candidate.loose:
            self._follow_use(use, root.name)
        inside = {id(node) for taker in candidate.members for node in ast.walk(taker.function)}
        for taker in candidate.methods:
            for call in self.takers.calls_of(taker):
                if id(call) not in inside:
                    self.patched.put(self.source.span(call.func), f"{root.name}.{taker.name}")
        row = Row(f"{root.name} = {candidate.name}()", root.lineno)
        for statement in (*candidate.making.statements, *candidate.making.dropped):
            self.patched.put_rows(_lines_of(self.source, statement), (row,) if statement is candidate.place else ())

    # how the weights are made

    def _add_making(self) -> None:
        making = self.candidate.making
        for statement in making.dropped:
            self.moved.put_rows(_lines_of(self.source, statement), ())
        self._follow_in_making()
        by_statement: dict[ast.stmt, list[Entry]] = {statement: [] for statement in making.statements}
        for entry in making.entries:
            by_statement[entry.statement].append(entry)
        for statement, entries in by_statement.items():
            for entry in entries:
                self._wrap(entry)
            match statement:
                case ast.Assign(targets=[ast.Subscript() as target]) if entries:
                    key = entries[0].key
                    if key in self.candidate.buffers:
                        self.moved.put(self.source.span(statement), self._definition(entries[0]))
                    else:
                        self.moved.put(self.source.span(target), f"self.{self.candidate.titles.attributes[key]}")
                case _:
                    indent = self.source.lines.indentation(statement.lineno)
                    self.moved.put_rows(
                        _lines_of(self.source, statement), self._display_rows(statement, entries, indent)
                    )

    def _follow_in_making(self) -> None:
        """Weights that are read while they are made: `nn.init.normal_(params["w"])`."""
        making, source = self.candidate.making, self.source
        if making.function is None:
            return
        display = next((one for one in making.statements if bound_display(one)), None)
        name = "" if display is None else (bound_display(display) or ("",))[0]
        known = {id(node) for node in making.inside}
        for node in self.takers.names_of(making.function, name):
            parent = source.parent(node)
            key = constant_key(parent.slice) if isinstance(parent, ast.Subscript) and parent.value is node else None
            if id(node) in known:
                continue
            if key not in making.keys or not isinstance(parent, ast.Subscript) or not isinstance(parent.ctx, ast.Load):
                raise Kept("NF287", node, text=" ".join(source.says(source.statement(node)).split())[:60])
            check_in_place(source, [parent])
            self.moved.put(source.span(parent), f"self.{self.candidate.titles.attributes[key or '']}")

    def _wrap(self, entry: Entry) -> None:
        """`torch.randn(3)` → `nn.Parameter(torch.randn(3))`."""
        training, span = self.candidate.training[entry.key], self.source.span(entry.value)
        for cut in training.cuts:
            self.moved.put(cut, "")
        if training.says != "parameter" and entry.key not in self.candidate.buffers:
            self.moved.put(Span(span.start, span.start), f"{self.nn}.Parameter(")
            self.moved.put(Span(span.end, span.end), ", requires_grad=False)" if self.candidate.frozen else ")")

    def _definition(self, entry: Entry) -> str:
        value = self.moved.text(self.source.span(entry.value))
        attribute = self.candidate.titles.attributes[entry.key]
        if entry.key in self.candidate.buffers:
            return f'self.register_buffer("{attribute}", {value})'
        return f"self.{attribute} = {value}"

    def _display_rows(self, statement: ast.stmt, entries: list[Entry], indent: str) -> Iterator[Row]:
        """The entries of `{…}` as statements, each with the comments that stood with it."""
        span = self.source.span(statement)
        comments = self.source.comments_in(Span(span.start, self.source.lines.line_stop(statement.end_lineno or 1)))
        left = list(comments)
        for entry in entries:
            place = self.source.span(entry.value)
            last = self.source.lines.line_of(place.end)
            before = [one for one in left if one[0].start < place.start]
            beside = [
                one for one in left if one[0].start > place.end and self.source.lines.line_of(one[0].start) == last
            ]
            for one in before:
                yield Row(f"{indent}{one[1]}", self.source.lines.line_of(one[0].start))
            texts = self._definition(entry).split("\n")
            tail = "".join(f"  {text}" for _, text in beside)
            for number, text in enumerate(texts):
                end = tail if number == len(texts) - 1 else ""
                yield Row((indent if not number else "") + text + end, entry.value.lineno + number)
            left = [one for one in left if one not in before and one not in beside]
        for one in left:
            yield Row(f"{indent}{one[1]}", self.source.lines.line_of(one[0].start))

    # what stays outside

    def _follow_caller(self, caller: Taker) -> None:
        """A function that hands the weights on hands the module on."""
        new = self.candidate.instances[caller.argument]
        argument = next(
            a for a in ast.walk(caller.function.args) if isinstance(a, ast.arg) and a.arg == caller.argument
        )
        self.patched.put(self.source.span(argument), new)
        for name in self.takers.names_of(caller.function, caller.argument):
            self._follow_use(name, new)

    def _follow_holder(self, holder: Holder) -> None:
        new, making = self.candidate.instances[holder.name], self.candidate.making
        statement = holder.statement
        if making.function is not None:
            assert isinstance(statement, (ast.Assign, ast.AnnAssign))
            assert isinstance(statement.value, ast.Call)
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            self.patched.put(self.source.span(target), new)
            self.patched.put(self.source.span(statement.value.func), self.candidate.name)
        else:
            indent = self.source.lines.indentation(statement.lineno)
            row = Row(f"{indent}{new} = {self.candidate.name}()", statement.lineno)
            for number, one in enumerate(making.statements):
                self.patched.put_rows(_lines_of(self.source, one), () if number else (row,))
            for one in making.dropped:
                self._drop(one)
        for use in holder.uses:
            self._follow_use(use, new)

    def _drop(self, statement: ast.stmt) -> None:
        """Take a statement away; what it stood in alone must not be empty."""
        alone = len(block_of(self.source, statement)) == 1
        row = Row(f"{self.source.lines.indentation(statement.lineno)}pass", statement.lineno)
        self.patched.put_rows(_lines_of(self.source, statement), (row,) if alone else ())

    def _follow_use(self, use: ast.Name, new: str) -> None:
        """One mention of the weights by those who hold them."""
        parent = self.source.parent(use)
        call = self.source.parent(parent) if isinstance(parent, ast.keyword) else parent
        for taker in (self.candidate.root, *self.candidate.methods, *self.candidate.callers):
            if isinstance(call, ast.Call) and call in self.takers.calls_of(taker):
                if given(taker.function, call, taker.position) is not use:
                    continue
                if taker is self.candidate.root:
                    self._call(self.patched, call, taker, new)
                elif taker in self.candidate.methods:
                    self._call(self.patched, call, taker, f"{new}.{taker.name}")
                elif isinstance(parent, ast.keyword):
                    name = self.candidate.instances[taker.argument]
                    self.patched.put(self.source.span(parent), f"{name}={new}")
                else:
                    self.patched.put(self.source.span(use), new)
                return
        loop = only_says_it_trains(self.source, use)
        if loop is not None:
            self._drop(loop)
            return
        reads = {key: self.candidate.titles.read_word(key) for key in self.candidate.making.keys}
        for span, text in change_of(self.source, use, new, reads, buffers=bool(self.candidate.buffers)):
            self.patched.put(span, text)
            if ITEMS in text:
                self.candidate.by_name.append(use)
            if ".parameters()" in text and needs_order(self.source, use):
                self.candidate.by_order.append(use)


def _arguments(function: ast.FunctionDef | None, without: str | None) -> str:
    """The arguments of a method, from those of a function."""
    assert function is not None
    arguments = ast.parse(ast.unparse(function)).body[0].args  # type: ignore[attr-defined]
    for group in (arguments.posonlyargs, arguments.args):
        group[:] = [argument for argument in group if argument.arg != without]
    (arguments.posonlyargs or arguments.args).insert(0, ast.arg("self"))
    return ast.unparse(arguments)


def _docstring_rows(function: ast.FunctionDef) -> int:
    """How many rows of a body its docstring takes."""
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return (first.end_lineno or first.lineno) - first.lineno + 1
    return 0


def _lines_of(source: Source, node: ast.stmt) -> Span:
    return whole_lines(source, node.lineno, node.end_lineno or node.lineno)


def lines_with_blanks(source: Source, function: ast.FunctionDef) -> Span:
    """A function's lines and the blank lines after it, which set it off."""
    last = function.end_lineno or function.lineno
    total = source.lines.line_of(len(source.text))
    while (
        last < total
        and not source.text[source.lines.line_span(last + 1).start : source.lines.line_stop(last + 1)].strip()
    ):
        last += 1
    return whole_lines(source, _first_line(source, function), last)


def _first_line(source: Source, statement: ast.stmt) -> int:
    """Where the comment just above a statement begins, else the statement."""
    line = statement.lineno
    while line > 1:
        row = source.text[source.lines.line_span(line - 1).start :].lstrip(" \t")
        if not row.startswith("#") or row.startswith("# nnflip:"):  # which tells notebooks' cells apart
            break
        line -= 1
    return line


def _header_end(source: Source, function: ast.FunctionDef) -> int:
    """The line on which `def …:` ends."""
    start = source.lines.line_span(function.lineno).start
    rows = io.StringIO(source.text[start:], newline="").readline
    depth = 0
    for token in tokenize.generate_tokens(rows):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
            if token.string == ":" and depth == 0:
                return function.lineno + token.start[0] - 1
    return function.lineno
