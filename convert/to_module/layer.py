"""Writes one layer with parameters into the plan: the constructor, its initial values, its calls, its state keys."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import partial

from ..calls import format_args
from ..ops import Pair, Slot
from ..outcome import InitMode, StateMove
from ..plan.edits import Line, line
from ..plan.initial import default_lines, deliberate_line, draws, ends_as, is_default
from ..plan.plan import Plan
from ..plan.spelling import Speller
from ..recognise.calls import FunctionCall
from ..recognise.default_init import DefaultInits
from .arguments import module_call
from .counter import Counter
from .owned import Owned
from .turned import follow_turned, turned_values


class LayerWriter:
    """Turns decided layers into edits."""

    def __init__(self, plan: Plan, speller: Speller, init: InitMode, defaults: DefaultInits) -> None:
        self.plan = plan
        self.source = plan.model.source
        self.speller = speller
        self.init = init
        self.defaults = defaults

    def write(
        self,
        layer: str,
        pair: Pair,
        calls: Sequence[FunctionCall],
        owned: Mapping[str, Owned],
        values: Mapping[str, str],
        counter: Counter | None,
        *,
        said: Mapping[str, str],
        close: bool = False,
    ) -> None:
        """Add the edits, state map and report lines of one layer. `said`: the arguments as the source has them.

        `close`: the layer may round otherwise than the calls.
        """
        first = min(owned.values(), key=lambda tensor: tensor.statement.lineno)
        target = f"{first.self_name}.{layer}"
        defaulted = self._defaulted(pair, owned, said)
        skips = self._skips(pair, owned, values, defaulted)
        constructor = self._constructor(pair, values, first.statement, skips=skips)
        for slot in pair.handed:
            if slot.name in owned:
                tensor = owned[slot.name]
                lines = [line(f"{target} = {constructor}")] if tensor is first else []
                if not defaulted:
                    lines += self._initial(slot, tensor, f"{target}.{slot.key}", values, skips=skips)
                lines += self._frozen(tensor, f"{target}.{slot.key}")
                self.plan.edits.replace_statement(tensor.statement, *lines)
        self._follow(layer, pair, calls, owned)
        self._count(layer, pair, owned, counter)
        self.plan.gain(functions=-len(calls), modules=1)
        for tensor in owned.values():
            self.plan.convert(tensor.statement, f"self.{tensor.name} → part of self.{layer}")
        for call in calls:
            what = f"{call.written} → self.{layer} = {constructor}"
            self.plan.convert(call.node, what, close=close or not call.spelling.exact)

    def _defaulted(self, pair: Pair, owned: Mapping[str, Owned], values: Mapping[str, str]) -> bool:
        """Whether the source writes out torch's default initialisation for this layer, which nn.X then brings along."""
        drawn = self._drawn(pair, owned)
        if self.init == "default" or any(tensor.creation.made_by != "empty" or tensor.turned for tensor in drawn):
            return False
        targets = {slot: f"{tensor.self_name}.{tensor.name}" for slot, tensor in owned.items()}
        rows: list[str] = []
        for slot in pair.fill_order:
            if slot.name in owned and draws(slot):
                lines = default_lines(pair, slot, targets, values, "bound", lambda path: path)
                rows += _guarded(lines, owned[slot.name], targets[slot.name])
        if not rows:
            return False
        expected = ast.parse("\n".join(rows)).body
        last = max((tensor.statement for tensor in owned.values()), key=lambda statement: statement.lineno)
        names = {slot: tensor.name for slot, tensor in owned.items()}
        return self.defaults.match(expected, last, names, inline=self.init == "exact")

    def _drawn(self, pair: Pair, owned: Mapping[str, Owned]) -> list[Owned]:
        return [owned[slot.name] for slot in pair.handed if slot.name in owned and draws(slot)]

    def _skips(self, pair: Pair, owned: Mapping[str, Owned], values: Mapping[str, str], defaulted: bool) -> bool:
        """Whether the constructor must draw nothing: under --init exact, unless it draws what the source drew."""
        own_draws = [slot for slot in pair.handed if draws(slot) and slot.name in owned]
        same = defaulted or all(is_default(slot, owned[slot.name].creation.made_by, values) for slot in own_draws)
        return self.init == "exact" and not same

    def _constructor(self, pair: Pair, values: Mapping[str, str], at: ast.AST, *, skips: bool) -> str:
        """`nn.Conv2d(1, 16, 5)`, or one that leaves its parameters unfilled."""
        spelled = self.speller.spell(pair.module_path, at)
        arguments = format_args(pair.module_signature, values, positional=pair.module_positional)
        if skips:
            return f"{self.speller.spell('torch.nn.utils.skip_init', at)}({spelled}, {arguments})"
        return f"{spelled}({arguments})"

    def _initial(self, slot: Slot, tensor: Owned, target: str, values: Mapping[str, str], *, skips: bool) -> list[Line]:
        """What follows the constructor so that the layer begins as its parameter did."""
        made_by = tensor.creation.made_by
        if made_by == "empty" or (not skips and (is_default(slot, made_by, values) or ends_as(slot, made_by))):
            return []
        if self.init == "default":
            self.plan.notes.append(f"{target} begins with PyTorch's default, not as written (--init default)")
            return []
        value = self.source.says(tensor.creation.value)
        if tensor.turned:
            rows = turned_values(tensor, target, value, partial(self._spell, tensor), exact=self.init == "exact")
            return _conditional(rows, tensor.when)
        spelled = deliberate_line(target, made_by, tensor.creation.fill, value, partial(self._spell, tensor))
        return [] if spelled is None else _conditional([spelled], tensor.when)

    def _frozen(self, tensor: Owned, target: str) -> list[Line]:
        """A parameter that does not train stays so."""
        if tensor.creation.trains != "False":
            return []
        return _conditional([line(f"{target}.requires_grad_(False)")], tensor.when)

    def _spell(self, tensor: Owned, path: str) -> str:
        return self.speller.spell(path, tensor.statement)

    def _follow(self, layer: str, pair: Pair, calls: Sequence[FunctionCall], owned: Mapping[str, Owned]) -> None:
        """Calls call the layer; every other use of its tensors goes on meaning the same tensor."""
        edits = self.plan.edits
        for call in calls:
            assert call.method is not None
            edits.replace(call.node, *module_call(call, pair, f"{call.method.self_name}.{layer}"))
        handed = {id(call.args[name]) for call in calls for name in owned}
        keys = {slot.name: slot.key for slot in pair.slots}
        for name, tensor in owned.items():
            for use in self.plan.model.attribute(tensor.name).uses:
                if id(use) in handed:
                    continue
                text = f"{self.source.says(use.value)}.{layer}.{keys[name]}"
                if tensor.turned:
                    exact = self.init == "exact"
                    follow_turned(self.plan, use, text, partial(self.speller.spell, at=use), handed, exact=exact)
                else:
                    edits.replace(use, text)
            moved = StateMove(f"{layer}.{keys[name]}", "transpose" if tensor.turned else None)
            self.plan.moves[tensor.name] = moved

    def _count(self, layer: str, pair: Pair, owned: Mapping[str, Owned], counter: Counter | None) -> None:
        """The batch counter: taken over where the source had one, new in the state where it had none."""
        if counter is not None:
            for statement in counter.statements:
                self.plan.edits.replace_statement(statement)
            self.plan.moves[counter.attribute] = StateMove(f"{layer}.{counter.slot}")
            return
        tracks = any(slot.kind == "buffer" and slot.name in owned for slot in pair.handed)
        self.plan.added += [f"{layer}.{slot.name}" for slot in pair.slots if slot.counts and tracks]


def _guarded(lines: Sequence[Line], tensor: Owned, target: str) -> list[str]:
    """The statements as text; under `if … is not None` where the tensor may be None."""
    texts = ["    " * one.depth + "".join(str(part) for part in one.parts) for one in lines]
    return texts if tensor.when is None else [f"if {target} is not None:", *("    " + text for text in texts)]


def _conditional(lines: list[Line], when: str | None) -> list[Line]:
    if when is None:
        return lines
    return [line(f"if {when}:"), *(Line(one.parts, one.depth + 1) for one in lines)]
