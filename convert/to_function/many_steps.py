"""A recurrent layer whose number of layers is an argument: its parameters in a ParameterDict, its steps in loops.

`self.lstm = nn.LSTM(16, 32, layers)` → `self.lstm = nn.ParameterDict()` with the keys that the module had, so that the
state keeps its names, and `def run_lstm(self, input)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..plan.edits import Line, line
from .recurrent_weights import Built, times
from .steps import Recurrence, Spell, indented, loop

LOCALS = ("layer", "size", "end", "bound", "weight")
"""Local names of the lines that make the parameters, in the order of `words`."""


@dataclass(frozen=True)
class Many:
    """What is written out: the attribute of the dict, that of the number of layers, what the methods are called."""

    built: Built
    it: Recurrence
    name: str
    count: str
    method: str
    helper: str

    @property
    def both(self) -> bool:
        """Whether there are two directions."""
        return self.built.certain("bidirectional") is True

    @property
    def projected(self) -> bool:
        """Whether the hidden state has another size than the cell."""
        return bool(self.built.certain("proj_size"))

    @property
    def slots(self) -> dict[str, str]:
        """Slot → shape as text, with `{size}` for the width of the input, in the order in which torch makes them."""
        hidden = self.built.texts["hidden_size"]
        rows, state = times(self.built.row.gates, hidden), self.built.texts["proj_size"] if self.projected else hidden
        shapes = {"weight_ih": f"{rows}, {{size}}", "weight_hh": f"{rows}, {state}"}
        if self.bias is not False:
            shapes |= {"bias_ih": rows, "bias_hh": rows}
        return shapes | ({"weight_hr": f"{state}, {hidden}"} if self.projected else {})

    @property
    def bias(self) -> bool | str:
        """Whether there are biases: yes, no, or under a condition."""
        built = self.built
        asked = "bias" in built.given and "bias" not in built.settled
        return built.texts["bias"] if asked else bool(built.certain("bias"))


def definition_lines(many: Many, owner: str, words: Mapping[str, str], spell: Callable[[str], str]) -> list[Line]:
    """What takes the place of the constructor, with torch's own initialisation. `words`: the names of its locals."""
    texts, target = many.built.texts, f"{owner}.{many.name}"
    layer, size, end = (words[word] for word in ("layer", "size", "end"))
    state = texts["proj_size"] if many.projected else texts["hidden_size"]
    rows = [
        line(f"{owner}.{many.count} = {texts['num_layers']}"),
        line(f"{target} = {spell('torch.nn.ParameterDict')}()"),
        line(f"for {layer} in range({owner}.{many.count}):"),
        line(f"{size} = {texts['input_size']} if {layer} == 0 else {times(1 + many.both, state)}", depth=1),
    ]
    made: list[Line] = []
    for slot, shape in many.slots.items():
        key = f'f"{slot}_l{{{layer}}}{f"{{{end}}}" if many.both else ""}"'
        shape = shape.replace("{size}", size) + many.built.factory
        one = line(f"{target}[{key}] = {spell('torch.nn.Parameter')}({spell('torch.empty')}({shape}))")
        if slot.startswith("bias") and isinstance(many.bias, str):
            made += [*([line(f"if {many.bias}:")] if slot == "bias_ih" else []), *indented([one])]
        else:
            made.append(one)
    if many.both:
        made = [line(f'for {end} in ("", "_reverse"):'), *indented(made)]
    bound, weight = words["bound"], words["weight"]
    return [
        *rows,
        *indented(made),
        line(f"{bound} = 1 / {spell('math.sqrt')}({texts['hidden_size']})"),
        line(f"for {weight} in {target}.values():"),
        line(f"{spell('torch.nn.init.uniform_')}({weight}, -{bound}, {bound})", depth=1),
    ]


def many_lines(many: Many, spell: Spell) -> list[Line]:
    """The method that runs all layers, and the one that runs one of them in one direction."""
    it = many.it
    head = line(f"def {many.method}(self, input{', hx=None' if it.takes_state else ''}):")
    body = [line("x = input.transpose(0, -2)" if it.batch_first else "x = input"), *_state(many)]
    body += [line("h_n, c_n = [], []" if it.row.has_cell else "h_n = []")]
    body += [line(f"for layer in range(self.{many.count}):"), *indented(_layer(many, spell))]
    stack, output = spell("torch.stack"), "x.transpose(0, -2)" if it.batch_first else "x"
    body.append(
        line(f"return {output}, ({stack}(h_n), {stack}(c_n))" if it.row.has_cell else f"return {output}, {stack}(h_n)")
    )
    return [Line(()), head, *indented(body), Line(()), *_helper(many, spell)]


def _state(many: Many) -> list[Line]:
    """The state to begin with: zeros where none is given."""
    it, target = many.it, f"self.{many.name}"
    number = times(1 + many.both, f"self.{many.count}")
    zeros = f"x.new_zeros({number}, *x.shape[1:-1], "
    hidden = f'{zeros}{target}["weight_hh_l0"].size(1))'
    if not it.row.has_cell:
        made = [line(f"hx = {hidden}")]
    elif many.projected:
        made = [line(f"h = {hidden}"), line(f'c = {zeros}{target}["weight_hr_l0"].size(1))'), line("hx = h, c")]
    else:
        made = [line(f"h = c = {hidden}"), line("hx = h, c")]
    return [line("if hx is None:"), *indented(made)] if it.takes_state else made


def _layer(many: Many, spell: Spell) -> list[Line]:
    """One turn of the loop over layers."""
    it, cell = many.it, many.it.row.has_cell
    number = "2 * layer" if many.both else "layer"

    def run(data: str, index: str, key: str) -> str:
        state = f"hx[0][{index}], hx[1][{index}]" if cell else f"hx[{index}]"
        return f'self.{many.helper}({data}, {state}, f"{key}")'

    if many.both:
        ahead, back = run("x", number, "l{layer}"), run("x.flip(0)", f"{number} + 1", "l{layer}_reverse")
        rows = [
            line(f"ahead, h, {'c, ' if cell else ''}".rstrip(", ") + f" = {ahead}"),
            line(f"back, h_back, {'c_back, ' if cell else ''}".rstrip(", ") + f" = {back}"),
            line(f"x = {spell('torch.cat')}([ahead, back.flip(0)], -1)"),
            line("h_n += [h, h_back]"),
            *([line("c_n += [c, c_back]")] if cell else []),
        ]
    else:
        rows = [
            line(f"x, h, c = {run('x', number, 'l{layer}')}" if cell else f"x, h = {run('x', number, 'l{layer}')}"),
            line("h_n.append(h)"),
            *([line("c_n.append(c)")] if cell else []),
        ]
    if it.dropout is not None:
        rows.append(line(f"if layer < self.{many.count} - 1:"))
        rows.append(line(f"x = {spell('torch.nn.functional.dropout')}(x, {it.dropout}, self.training)", depth=1))
    return rows


def _helper(many: Many, spell: Spell) -> list[Line]:
    it, target = many.it, f"self.{many.name}"
    carried = "h, c" if it.row.has_cell else "h"
    body: list[Line] = []
    for slot in many.slots:
        key = f'f"{slot}_{{key}}"'
        asked = slot.startswith("bias") and isinstance(many.bias, str)
        body.append(line(f"{slot} = {target}.get({key})" if asked else f"{slot} = {target}[{key}]"))
    body += loop(it, {slot: slot for slot in many.slots}, "x", spell)
    body.append(line(f"return {spell('torch.stack')}(outputs), {carried}"))
    return [line(f"def {many.helper}(self, x, {carried}, key):"), *indented(body)]
