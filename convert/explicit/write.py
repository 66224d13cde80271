"""Writes a candidate as a class of functional style: its weights as parameters, its functions as methods.

What is a layer in it is for the planner of layers to decide, as in any other class.
"""

from __future__ import annotations

import ast

from ..plan.plan import Kept
from ..recognise.block import block_of
from ..source import Source, Span
from .candidate import Candidate
from .holders import Holder
from .layout import is_blind_loop, sight_of
from .making_rows import MakingWriter
from .pieces import Patched, Row, whole_lines
from .places import docstring_rows, first_line, header_end, lines_of, lines_with_blanks, method_arguments
from .takers import Taker, Takers, given
from .uses import ITEMS, change_of, check_place, check_unregistered, needs_order, only_says_it_trains, without_argument
from .weights import constant_key


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
        MakingWriter(self.takers, candidate, self.moved, self.nn).write()
        place, root = self._place(), candidate.root.function
        gone = [taker.function for taker in candidate.members]
        gone += [candidate.making.function] if candidate.making.function is not None else []
        for function in gone:
            if function is not place:
                self.patched.put_rows(lines_with_blanks(self.source, function), ())
        if place in gone:
            made = [Row("", root.lineno)] * 2 + [Row(f"{root.name} = {candidate.name}()", root.lineno)]
            rows = [*self._class_rows(), *(made if candidate.place is root else ())]
            self.patched.put_rows(lines_of(self.source, place), rows)
        else:
            start = self.source.lines.line_span(first_line(self.source, place)).start
            above = self.source.text[:start].rstrip(" \t")
            above = "" if above.rstrip().rpartition("\n")[2].startswith("# nnflip:") else above  # the top of a cell
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
            check_place(source, node)
            self.moved.put(source.span(node), f"self.{attributes[key]}")
        for statement, names in taker.unpacked.items():
            self.moved.put_rows(lines_of(source, statement), ())
            for number, name in enumerate(names):
                for node in self.takers.names_of(taker.function, name):
                    if isinstance(node.ctx, ast.Load):
                        check_place(source, node)
                        self.moved.put(source.span(node), f"self.{attributes[str(number)]}")
        inside = {id(node) for node in ast.walk(taker.function)}
        for other in self.candidate.members:
            for call in self.takers.calls_of(other):
                if id(call) in inside:
                    self._call(self.moved, call, other, f"self.{other.name}")

    def _call(self, where: Patched, call: ast.Call, taker: Taker, function: str) -> None:
        check_place(self.source, call)
        where.put(self.source.span(call.func), function)
        argument = given(taker.function, call, taker.position) if taker.argument else None
        if argument is not None:
            where.put(without_argument(self.source, call, argument), "")

    def _class_rows(self) -> list[Row]:
        root = self.candidate.root.function
        rows = [Row(f"class {self.candidate.name}({self.nn}.Module):", root.lineno), *self._init_rows()]
        for taker in self.candidate.members:
            name = "forward" if taker is self.candidate.root else taker.name
            arguments = method_arguments(taker.function, taker.argument)
            returns = f" -> {self.source.says(taker.function.returns)}" if taker.function.returns else ""
            rows += [Row("", taker.function.lineno), *self._comments(taker.function)]
            rows.append(Row(f"{self.unit}def {name}({arguments}){returns}:", taker.function.lineno))
            rows += self._body(taker.function)
        return rows

    def _init_rows(self) -> list[Row]:
        making = self.candidate.making
        line = making.function.lineno if making.function else making.statements[0].lineno
        arguments = method_arguments(making.function, None) if making.function else "self"
        begin = Row(f"{self.unit * 2}super().__init__()", line)
        rows = self._comments(making.function) if making.function is not None else []
        rows.append(Row(f"{self.unit}def __init__({arguments}):", line))
        if making.function is not None:
            body = self._body(making.function)
            after = docstring_rows(making.function)
            while body and not body[-1].text:
                body.pop()
            return [*rows, *body[:after], begin, *body[after:]]
        rows.append(begin)
        for statement in making.statements:
            rows += self._shifted(self._statement_rows(statement), self.source.lines.indentation(statement.lineno), 2)
        return rows

    def _statement_rows(self, statement: ast.stmt) -> list[Row]:
        rows = self.moved.rows(lines_of(self.source, statement))
        return rows[:-1] if rows and not rows[-1].text else rows

    def _comments(self, function: ast.FunctionDef) -> list[Row]:
        """The comment just above a function that moves, where it moves."""
        if function is self._place():
            return []
        rows = []
        for line in range(first_line(self.source, function), function.lineno):
            span = self.source.lines.line_span(line)
            rows.append(Row(self.unit + self.source.text[span.start : span.end].strip(), line))
        return rows

    def _body(self, function: ast.FunctionDef) -> list[Row]:
        """The rows of a function's body, as they read in a method of the class."""
        first, last = function.body[0], function.end_lineno or function.lineno
        if first.lineno == function.lineno:
            rows = self.moved.rows(self.source.span(first))
            return [Row(self.unit * 2 + row.text, row.origin) for row in rows]
        rows = self.moved.rows(whole_lines(self.source, header_end(self.source, function) + 1, last))
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
            check_place(self.source, node)
            self._check_visible(node)
            self.patched.put(self.source.span(node), f"{root.name}.{self._read_word(key, node)}")
        for use in candidate.loose:
            self._check_visible(use)
            self._follow_use(use, root.name)
        inside = {id(node) for taker in candidate.members for node in ast.walk(taker.function)}
        for taker in candidate.methods:
            for call in self.takers.calls_of(taker):
                if id(call) not in inside:
                    self.patched.put(self.source.span(call.func), f"{root.name}.{taker.name}")
        row = Row(f"{root.name} = {candidate.name}()", root.lineno)
        for statement in (*candidate.making.statements, *candidate.making.dropped):
            self.patched.put_rows(lines_of(self.source, statement), (row,) if statement is candidate.place else ())

    def _check_visible(self, node: ast.AST) -> None:
        """Raise Kept where the function's name, which the instance will have, means something else."""
        name, scopes = self.candidate.root.name, self.source.scopes
        if scopes.scope_binding(ast.Name(name), node) is not scopes.root:
            raise Kept("NF225", node, reason=f"{name} already means something here")

    def _read_word(self, key: str, node: ast.expr) -> str:
        """What stands for a weight that is read outside."""
        check_unregistered(self.source, node)
        sight = sight_of(self.source, node)
        if sight == "layout":
            self.candidate.by_layout.append((key, node))
        return self.candidate.titles.read_word(key, values=sight == "values")

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
                self.patched.put_rows(lines_of(self.source, one), () if number else (row,))
            for one in making.dropped:
                self._drop(one)
        for use in holder.uses:
            self._follow_use(use, new)

    def _drop(self, statement: ast.stmt) -> None:
        """Take a statement away; what it stood in alone must not be empty."""
        alone = len(block_of(self.source, statement)) == 1
        row = Row(f"{self.source.lines.indentation(statement.lineno)}pass", statement.lineno)
        self.patched.put_rows(lines_of(self.source, statement), (row,) if alone else ())

    def _follow_use(self, use: ast.Name, new: str) -> None:
        """One mention of the weights by those who hold them."""
        check_place(self.source, use)
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
        read = parent if isinstance(parent, ast.Subscript) else use
        reads = {key: self.candidate.titles.read_word(key) for key in self.candidate.making.keys}
        if (key := constant_key(read.slice) if isinstance(read, ast.Subscript) else None) in reads:
            reads[key or ""] = self._read_word(key or "", read)
        for span, text in change_of(self.source, use, new, reads, buffers=bool(self.candidate.buffers)):
            self.patched.put(span, text)
            self._note_whole(use, text)

    def _note_whole(self, use: ast.Name, text: str) -> None:
        """Remember what a use of all weights sees of them."""
        if ITEMS in text:
            self.candidate.by_name.append(use)
        if ".parameters()" in text and needs_order(self.source, use):
            self.candidate.by_order.append(use)
        call = self.source.parent(self.source.parent(use) or use)
        whole = ITEMS in text or ".parameters()" in text
        if whole and not (isinstance(call, ast.Call) and is_blind_loop(self.source, self.source.parent(call), call)):
            self.candidate.by_layout.append(("", use))
