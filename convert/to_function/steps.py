"""The code of a recurrent layer, step by step: the methods that take the layer's place.

What is written is the formula of PyTorch's documentation, one F.linear for the input and one for the hidden state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..ops.recurrent import Recurrent
from ..plan.edits import Line, line

Spell = Callable[[str], str]

NAMES = frozenset(
    """
    self input hx x h c outputs step given carried i f g o r z n r_x z_x n_x r_h z_h n_h ahead back
    layer key h_n c_n h_back c_back
    """.split()  # noqa: SIM905
)
"""Local names that the methods use; h and c also with a number."""

_WIDTH = 100


@dataclass(frozen=True)
class Run:
    """One layer in one direction: the attributes of its tensors by slot (`weight_ih`, …)."""

    tensors: Mapping[str, str]
    reverse: bool


@dataclass(frozen=True)
class Recurrence:
    """A recurrent layer that is to be written out. `dropout` is a text, None where there is none."""

    row: Recurrent
    runs: tuple[tuple[Run, ...], ...]
    batch_first: bool = False
    dropout: str | None = None
    nonlinearity: str = "tanh"
    takes_state: bool = True

    @property
    def count(self) -> int:
        """How many layers and directions there are in all."""
        return sum(len(layer) for layer in self.runs)

    @property
    def first(self) -> Run:
        """What the sizes of the state are read off."""
        return self.runs[0][0]


def method_lines(name: str, helper: str, it: Recurrence, spell: Spell) -> list[Line]:
    """The method of the layer's name, and where it has several layers or directions the method that runs one."""
    head = line(f"def {name}(self, input{', hx=None' if it.takes_state else ''}):")
    if it.row.one_step:
        body = [*_state(it, "input"), *_step(it, _own(it.first), "input", spell)]
        body.append(line("return h, c" if it.row.has_cell else "return h"))
        return [Line(()), head, *indented(body)]
    data = "x" if it.batch_first or it.count > 1 else "input"
    body = [line(f"x = input{'.transpose(0, -2)' if it.batch_first else ''}")] if data == "x" else []
    body += _state(it, data)
    if it.count == 1:
        body += loop(it, _own(it.first), data, spell)
        stacked = f"{spell('torch.stack')}(outputs)"
    else:
        body += _layers(it, helper, spell)
        stacked = "x"
    output = f"{stacked}.transpose(0, -2)" if it.batch_first else stacked
    body.append(line(f"return {output}, {_states(it, spell)}"))
    rows = [Line(()), head, *indented(body)]
    return rows if it.count == 1 else [*rows, Line(()), *_helper(it, helper, spell)]


def _helper(it: Recurrence, helper: str, spell: Spell) -> list[Line]:
    """The method that runs one layer in one direction."""
    carried = "h, c" if it.row.has_cell else "h"
    body = loop(it, {slot: slot for slot in it.first.tensors}, "x", spell)
    body.append(line(f"return {spell('torch.stack')}(outputs), {carried}"))
    return [line(f"def {helper}(self, x, {carried}, {', '.join(it.first.tensors)}):"), *indented(body)]


def _state(it: Recurrence, data: str) -> list[Line]:
    """The state to begin with: zeros where none is given."""
    single = it.row.one_step or (it.count == 1 and not it.takes_state)
    sizes = f"*{data}.shape[{':-1' if it.row.one_step else '1:-1'}]"
    sizes = sizes if single else f"{it.count}, {sizes}"
    hidden = f"{data}.new_zeros({sizes}, self.{it.first.tensors['weight_hh']}.size(1))"
    cell = hidden
    if "weight_hr" in it.first.tensors:
        cell = f"{data}.new_zeros({sizes}, self.{it.first.tensors['weight_hr']}.size(1))"
    names = ["h", "c"][: 1 + it.row.has_cell] if single else ["hx"]
    if cell != hidden:
        made = [line(f"h = {hidden}"), line(f"c = {cell}")] + ([] if single else [line("hx = h, c")])
    elif it.row.has_cell and not single:
        made = [line(f"h = c = {hidden}"), line("hx = h, c")]
    else:
        made = [line(f"{' = '.join(names)} = {hidden}")]
    if not it.takes_state:
        return made
    if it.row.one_step:
        given = "h, c = hx" if it.row.has_cell else "h = hx"
        return [line("if hx is None:"), *indented(made), line("else:"), line(given, depth=1)]
    made = [line("if hx is None:"), *indented(made)]
    if it.count == 1:
        made.append(line("h, c = hx[0][0], hx[1][0]" if it.row.has_cell else "h = hx[0]"))
    return made


def _layers(it: Recurrence, helper: str, spell: Spell) -> list[Line]:
    """A call of the helper for every layer and direction, and what happens between layers."""
    rows: list[Line] = []
    number = 0
    for layer, runs in enumerate(it.runs):
        made: list[str] = []
        for run in runs:
            state = [f"hx[0][{number}]", f"hx[1][{number}]"] if it.row.has_cell else [f"hx[{number}]"]
            carried = f"h_{number}, c_{number}" if it.row.has_cell else f"h_{number}"
            out = "x" if len(runs) == 1 else ("back" if run.reverse else "ahead")
            given = ["x.flip(0)" if run.reverse else "x", *state, *_own(run).values()]
            rows += _call(f"{out}, {carried} = self.{helper}", given)
            made.append(f"{out}.flip(0)" if run.reverse else out)
            number += 1
        if len(runs) > 1:
            rows.append(line(f"x = {spell('torch.cat')}([{', '.join(made)}], -1)"))
        if it.dropout is not None and layer < len(it.runs) - 1:
            rows.append(line(f"x = {spell('torch.nn.functional.dropout')}(x, {it.dropout}, self.training)"))
    return rows


def _call(function: str, arguments: Sequence[str]) -> list[Line]:
    """A call on one line, or its arguments on lines of their own."""
    text = f"{function}({', '.join(arguments)})"
    if len(text) <= _WIDTH:
        return [line(text)]
    return [line(f"{function}("), *(line(f"{argument},", depth=1) for argument in arguments), line(")")]


def _states(it: Recurrence, spell: Spell) -> str:
    """The last state of every layer and direction, in one tensor each."""
    made: list[str] = []
    for name in ("h", "c")[: 1 + it.row.has_cell]:
        several = ", ".join(f"{name}_{number}" for number in range(it.count))
        made.append(f"{name}.unsqueeze(0)" if it.count == 1 else f"{spell('torch.stack')}([{several}])")
    return f"({', '.join(made)})" if it.row.has_cell else made[0]


def loop(it: Recurrence, tensors: Mapping[str, str], data: str, spell: Spell) -> list[Line]:
    """The loop over the steps of one layer in one direction."""
    body = [*_step(it, tensors, "step", spell), line("outputs.append(h)")]
    return [line("outputs = []"), line(f"for step in {data}:"), *indented(body)]


def _step(it: Recurrence, tensors: Mapping[str, str], data: str, spell: Spell) -> list[Line]:
    """One step: the new `h` (and `c`) from `data` and the old."""
    linear, sigmoid, tanh = (spell(f"torch.{name}") for name in ("nn.functional.linear", "sigmoid", "tanh"))
    given = f"{linear}({data}, {_handed(tensors, 'ih')})"
    carried = f"{linear}(h, {_handed(tensors, 'hh')})"
    if it.row.gates == 3:
        return [
            line(f"r_x, z_x, n_x = {given}.chunk(3, -1)"),
            line(f"r_h, z_h, n_h = {carried}.chunk(3, -1)"),
            line(f"r, z = {sigmoid}(r_x + r_h), {sigmoid}(z_x + z_h)"),
            line(f"n = {tanh}(n_x + r * n_h)"),
            line("h = (1 - z) * n + z * h"),
        ]
    rows = [line(f"given = {given}"), line(f"carried = {carried}")]
    if it.row.gates == 1:
        act = tanh if it.nonlinearity == "tanh" else spell("torch.relu")
        return [*rows, line(f"h = {act}(given + carried)")]
    hidden = f"{sigmoid}(o) * {tanh}(c)"
    if "weight_hr" in tensors:
        hidden = f"{linear}({hidden}, {tensors['weight_hr']})"
    return [
        *rows,
        line("i, f, g, o = (given + carried).chunk(4, -1)"),
        line(f"c = {sigmoid}(f) * c + {sigmoid}(i) * {tanh}(g)"),
        line(f"h = {hidden}"),
    ]


def _own(run: Run) -> dict[str, str]:
    """The tensors as a method reads them."""
    return {slot: f"self.{name}" for slot, name in run.tensors.items()}


def _handed(tensors: Mapping[str, str], which: str) -> str:
    return ", ".join(tensors[slot] for slot in (f"weight_{which}", f"bias_{which}") if slot in tensors)


def indented(rows: Iterable[Line]) -> list[Line]:
    """The lines one level deeper."""
    return [Line(row.parts, row.depth + 1) for row in rows]
