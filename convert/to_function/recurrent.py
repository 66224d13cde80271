"""`--expand rnn`: nn.LSTM, nn.GRU, nn.RNN and their cells become parameters and a method that runs the steps.

`self.lstm = nn.LSTM(16, 32)` → self.lstm_weight_ih_l0, … and `def lstm(self, input)`. The numbers are close: torch adds
in another order inside its own loop.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import partial

from ..calls import BindError, bind, same_value
from ..ops.recurrent import RECURRENT, Recurrent
from ..outcome import StateMove
from ..plan.edits import Line, line
from ..plan.guards import Guards
from ..plan.naming import Names
from ..plan.plan import Kept, Plan
from ..plan.spelling import NoName, Speller
from ..recognise.literal import is_repeatable
from ..recognise.model import Attribute, Definition
from ..recognise.surroundings import Surroundings
from ..rewrite import shares_line
from .many_steps import LOCALS, Many, definition_lines, many_lines
from .recurrent_uses import recurrent_uses
from .recurrent_weights import Built, Weight, weights_of
from .steps import NAMES, Recurrence, Run, method_lines

_PACKED = ("pack_padded_sequence", "pack_sequence", "PackedSequence")


class RecurrentPlanner:
    """Plans the recurrent layers of one model; `answered` are the constructors that it decided on."""

    def __init__(self, plan: Plan, surroundings: Surroundings, names: Names, speller: Speller) -> None:
        self.plan = plan
        self.model = plan.model
        self.source = plan.model.source
        self.guards = Guards(plan.model, surroundings)
        self.names = names
        self.speller = speller
        self.answered: set[int] = set()

    def plan_layers(self) -> None:
        """Write out every attribute that holds a recurrent layer, or keep it with the reason."""
        for attribute in list(self.model.attributes.values()):
            for definition in attribute.definitions:
                value = definition.value
                row = RECURRENT.get(self.source.path_of(value.func) or "") if isinstance(value, ast.Call) else None
                if row is None or not isinstance(value, ast.Call):
                    continue
                self.answered.add(id(value))
                try:
                    with self.plan.together(), self.names.together():
                        self._plan_layer(attribute, definition, self._read(value, row))
                except Kept as reason:
                    self.plan.keep(reason, value)
                except NoName as path:
                    self.plan.keep(Kept("NF225", reason=f"no certain name for {path} here"), value)

    def _read(self, node: ast.Call, row: Recurrent) -> Built:
        name = f"nn.{row.module}"
        try:
            bound = bind(row.signature, node)
        except BindError as error:
            raise Kept("NF217", node, name=name, reason=error.message) from None
        if bound.missing:
            raise Kept("NF217", node, name=name, reason=f"required argument {bound.missing[0]} is missing")
        for value in bound.args.values():
            if not is_repeatable(self.source, value):
                raise Kept("NF224", value, text=self.source.says(value))
        texts = {param.name: param.default for param in row.signature.params if param.default is not None}
        texts |= {argument: self._text(value) for argument, value in bound.args.items()}
        constants = {argument: value for argument, value in bound.args.items() if isinstance(value, ast.Constant)}
        settled = {argument: value.value for argument, value in constants.items()}
        return Built(node, row, texts, settled, frozenset(bound.args))

    def _text(self, node: ast.expr) -> str:
        text = self.source.says(node)
        return f"({text})" if "\n" in text or "\r" in text else text

    def _plan_layer(self, attribute: Attribute, definition: Definition, built: Built) -> None:
        name, edits = attribute.name, self.plan.edits
        self._check(attribute, definition, built)
        if "num_layers" in built.given and "num_layers" not in built.settled:
            self._plan_many(name, definition, built)
            return
        runs = weights_of(built, name, self.names)
        weights = [weight for layer in runs for run in layer for weight in run]
        first = {weight.slot: weight.attribute for weight in runs[0][0]}
        by_key = {weight.key: weight.attribute for weight in weights}
        takes_state = recurrent_uses(self.plan, name, built, by_key, settings=_sizes(built, first))
        dropout, setting = self._dropout(definition, built, name, layers=len(runs))
        it = Recurrence(
            built.row,
            tuple(
                tuple(
                    Run({weight.slot: weight.attribute for weight in run}, bool(back)) for back, run in enumerate(layer)
                )
                for layer in runs
            ),
            batch_first=built.certain("batch_first") is True,
            dropout=dropout,
            nonlinearity=str(built.certain("nonlinearity")),
            takes_state=takes_state,
        )
        edits.replace_statement(definition.statement, *setting, *self._filled(definition, built, runs))
        helper = self.names.fresh(f"{name}_steps") if it.count > 1 else ""
        spell = partial(self._spell, definition)
        edits.insert(definition.method.node, *method_lines(name, helper, it, spell), after=True)
        for weight in weights:
            self.plan.moves[f"{name}.{weight.key}"] = StateMove(weight.attribute)
        self.plan.gain(functions=2, modules=-1)
        self.plan.convert(definition.statement, f"{built.written} → method {name}", close=True)

    def _plan_many(self, name: str, definition: Definition, built: Built) -> None:
        """A layer of layers, whose number is known only when the model is built: its state keeps its keys."""
        if type(built.certain("bidirectional")) is not bool:
            raise Kept("NF262", built.node, name=built.written, reason="torch would refuse its arguments")
        method, helper, number = (
            self.names.fresh(word) for word in (f"run_{name}", f"{name}_steps", f"{name}_num_layers")
        )
        first = {slot: f'{name}["{slot}_l0"]' for slot in ("weight_ih", "weight_hh")}
        settings = {"num_layers": number, **_sizes(built, first)}
        takes_state = recurrent_uses(self.plan, name, built, None, method, settings)
        dropout, setting = self._dropout(definition, built, name, layers=None)
        it = Recurrence(
            built.row,
            (),
            batch_first=built.certain("batch_first") is True,
            dropout=dropout,
            nonlinearity=str(built.certain("nonlinearity")),
            takes_state=takes_state,
        )
        many, edits = Many(built, it, name, number, method, helper), self.plan.edits
        words = {word: self._local(definition, word) for word in LOCALS}
        owner, spell = definition.method.self_name, partial(self.speller.spell, at=definition.statement)
        assert owner is not None
        edits.replace_statement(definition.statement, *setting, *definition_lines(many, owner, words, spell))
        edits.insert(definition.method.node, *many_lines(many, partial(self._spell, definition)), after=True)
        self.plan.gain(functions=2, modules=-1)
        self.plan.convert(definition.statement, f"{built.written} → nn.ParameterDict and method {method}", close=True)

    def _check(self, attribute: Attribute, definition: Definition, built: Built) -> None:
        name = attribute.name
        self.guards.check_class()
        self.guards.check_attribute(name)
        if definition.form != "assign" or definition.method.self_name is None:
            raise Kept("NF208", name=name, count=1)
        for around in self.source.ancestors(definition.statement):
            if around is definition.method.node:
                break
            if isinstance(around, (ast.For, ast.AsyncFor, ast.While)):
                raise Kept("NF232", name=name)
        if shares_line(self.source, definition.statement):
            raise Kept("NF227")
        self.guards.check_kind(built.row.path)
        self.guards.check_keys(name)
        if "autocast" in self.source.text:
            raise Kept("NF262", name=built.written, reason="autocast casts a layer as a whole, and steps one by one")
        for word in () if built.row.one_step else _PACKED:
            if word in self.source.text:
                raise Kept("NF262", name=built.written, reason=f"the file packs sequences ({word})")

    def _dropout(
        self, definition: Definition, built: Built, name: str, *, layers: int | None
    ) -> tuple[str | None, list[Line]]:
        """What the dropout between layers is told, and the statement that keeps that on self."""
        said = built.texts.get("dropout", "0")
        if layers == 1 or same_value(said, "0"):
            return None, []
        self.guards.check_mode()
        if "dropout" in built.settled:
            return said, []
        setting = self.names.fresh(f"{name}_dropout")
        return f"self.{setting}", [line(f"{definition.method.self_name}.{setting} = {said}")]

    def _filled(self, definition: Definition, built: Built, runs: list[list[list[Weight]]]) -> list[Line]:
        """The parameters, and the initialisation that torch gives them: all from one uniform distribution, in order."""
        owner, at = definition.method.self_name, definition.statement
        spell = partial(self.speller.spell, at=at)
        weights = [one for layer in runs for run in layer for one in run]
        rows: list[Line] = []
        for one in weights:
            made = f"{spell('torch.nn.Parameter')}({spell('torch.empty')}({one.shape}))"
            condition = "" if one.when is None else f" if {one.when} else None"
            rows.append(line(f"{owner}.{one.attribute} = {made}{condition}"))
        bound, weight = (self._local(definition, word) for word in ("bound", "weight"))
        rows.append(line(f"{bound} = 1 / {spell('math.sqrt')}({built.texts['hidden_size']})"))
        all_of_them = [f"{owner}.{one.attribute}" for one in weights]
        if len(all_of_them) <= 4:
            rows.append(line(f"for {weight} in ({', '.join(all_of_them)}):"))
        else:
            rows += [line(f"for {weight} in ("), *(line(f"{one},", depth=1) for one in all_of_them), line("):")]
        filled = line(f"{spell('torch.nn.init.uniform_')}({weight}, -{bound}, {bound})", depth=1)
        if any(one.when is not None for one in weights):
            return [*rows, line(f"if {weight} is not None:", depth=1), Line(filled.parts, 2)]
        return [*rows, filled]

    def _local(self, definition: Definition, word: str) -> str:
        """A local name that the method does not use: `bound`, or with a number."""
        used = {node.id for node in ast.walk(definition.method.node) if isinstance(node, ast.Name)}
        used |= {node.arg for node in ast.walk(definition.method.node) if isinstance(node, ast.arg)}
        name, number = word, 0
        while name in used:
            number += 1
            name = f"{word}_{number}"
        return name

    def _spell(self, definition: Definition, path: str) -> str:
        """A name that holds in a method of the class, and that none of its locals hides."""
        text = self.speller.spell(path, definition.method.node)
        if text.partition(".")[0] in NAMES:
            raise NoName(path)
        return text


def _sizes(built: Built, tensors: Mapping[str, str]) -> dict[str, str]:
    """Sizes that the text does not tell, read off the tensors: argument → what follows `self.`."""
    found = {"input_size": f"{tensors['weight_ih']}.size(1)"}
    if not built.certain("proj_size"):
        found["hidden_size"] = f"{tensors['weight_hh']}.size(1)"
    return {argument: text for argument, text in found.items() if argument not in built.settled}
