"""Sequentials whose layers are gathered in lists: the layers become objects that hold their tensors, at the same place.

`nn.Sequential(*layers)` → `nn.ModuleList(layers)`, whose keys are the same, and `self.features(x)` →
`self.apply_features(x)`, a method that runs what it finds. Modules that stay are called there as before.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from ..ops import Pair
from ..plan.edits import Hole, Line, line
from ..plan.guards import Guards
from ..plan.naming import Names
from ..plan.plan import Kept, Plan
from ..plan.spelling import NoName, Speller
from ..recognise.flow import MemberCall
from ..recognise.gathers import Box, gathers_of
from ..recognise.model import Method
from ..rewrite import shares_line
from .agree import Layer
from .form import Apart
from .gathered_parts import Judge, Part
from .in_turn import runs_in_turn
from .maker import Makers, check_place, check_settings
from .one_of import Kind, Runner, kinds_of
from .reader import FormReader


class GatherPlanner:
    """Plans such containers of one model.

    `done` are attributes that it has dealt with, `reasons` why others stay, `answered` constructors.
    """

    def __init__(self, plan: Plan, guards: Guards, reader: FormReader, names: Names, speller: Speller) -> None:
        self.plan = plan
        self.model = plan.model
        self.source = plan.model.source
        self.guards = guards
        self.reader = reader
        self.names = names
        self.speller = speller
        self.done: set[str] = set()
        self.reasons: dict[str, Kept] = {}
        self.answered: set[int] = set()
        self._taken: set[int] = set()
        self._makers: dict[str, Makers] = {}
        self._written: dict[tuple[tuple[str, ...], tuple[Line, ...]], str] = {}
        self._plain_maker: dict[str, str] = {}

    def plan_gathered(self, wanted: Callable[[Pair], bool], late: Collection[str] = ()) -> None:
        """Decide all of them; what other planners have given up too where it is in `late` attributes."""
        found = gathers_of(
            self.model,
            self.guards.surroundings,
            wanted,
            late=late,
            theirs=lambda attribute: runs_in_turn(self.model, attribute),
            taken=self._taken,
        )
        judge = Judge(self.guards, found, self._read)
        parts = judge.parts()
        self.reasons = judge.reasons
        for part in parts:
            layers = [judge.layers[id(item.built.node)] for item in part.items]
            if late and not self._gains(judge, part, layers):
                continue
            if not any(layer.reason is None for layer in layers):
                self._keep(layers)
                continue
            if (kept := self._try(judge, part, layers)) is not None:
                self.reasons |= dict.fromkeys(part.attributes, kept)
                continue
            self.done |= part.attributes.keys()
            self._taken |= {id(box.node) for box in part.boxes} | {id(item.built.node) for item in part.items}
            self._keep(layers)
            self.answered |= {id(layer.built.node) for layer in layers}

    def _keep(self, layers: Sequence[Layer]) -> None:
        """Say why layers stay."""
        for layer in layers:
            if layer.reason is not None:
                self.answered.add(id(layer.built.node))
                self.plan.keep(layer.reason, layer.built.node)

    def _gains(self, judge: Judge, part: Part, layers: list[Layer]) -> bool:
        """Whether all layers of what others gave up convert, and not just such without tensors beside other modules."""
        alone = not judge.has_guests(part)
        tensors = any(layer.form is not None and layer.form.tensors for layer in layers)
        return (alone or tensors) and all(layer.reason is None for layer in layers)

    def _try(self, judge: Judge, part: Part, layers: list[Layer]) -> Kept | None:
        """Write a part whole, or say why not."""
        asked_for, written, plain = set(self.speller.wanted), dict(self._written), dict(self._plain_maker)
        try:
            with self.plan.together(), self.names.together():
                self._write(judge, part, layers)
                for makers in self._makers.values():
                    self.plan.edits.insert(makers.method.node, *makers.lines, after=True)
                return None
        except Kept as reason:
            found = reason
        except NoName as path:
            found = Kept("NF225", reason=f"no certain name for {path} here")
        finally:
            for makers in self._makers.values():
                makers.lines.clear()
        self.speller.wanted.intersection_update(asked_for)
        self._written.clear()
        self._written.update(written)
        self._plain_maker = plain
        return found

    def _read(self, layer: Layer, held: frozenset[str]) -> None:
        """Give a layer its form, or its reason to stay."""
        built = layer.built
        try:
            method = self.model.method_of(built.node)
            if method is None or method.self_name is None:
                raise Kept("NF218", function=built.written)
            if len(built.pair.data) != 1:
                raise Kept("NF216", argument="input", name=built.written, reason="it takes more than one input")
            check_place(self.model, method, built.node)
            for inner in ast.walk(built.node):
                if isinstance(inner, (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)):
                    raise Kept("NF224", inner, text=self.source.says(inner))
            if shares_line(self.source, method.node):
                raise Kept("NF227")
            layer.sizes = self._maker(method).sizes(built, held)
            layer.form = self.reader.read(built, layer.key, apart=Apart(layer.sizes, held))
            check_settings(layer.form)
            self.guards.check_kind(built.pair.module_path)
        except Kept as reason:
            layer.reason = layer.reason or reason
        except NoName as path:
            layer.reason = layer.reason or Kept("NF225", reason=f"no certain name for {path} here")

    def _maker(self, method: Method) -> Makers:
        if method.name not in self._makers:
            self._makers[method.name] = Makers(self.model, method, self.names, self.speller, self._written)
        return self._makers[method.name]

    def _write(self, judge: Judge, part: Part, layers: list[Layer]) -> None:
        kinds = kinds_of(layers, self._read)
        if not kinds:
            raise Kept("NF222", name=min(part.attributes, default=""), text="other modules", reason="none converts")
        runner = self._runner(judge, part, tuple(kinds))
        first = part.boxes[0]
        home = self.model.method_of(first.node)
        at = home if home is not None and not part.attributes else self._definer(part)
        assert at is not None
        self.plan.edits.insert(at.node, *runner.lines(self.speller, first.node), after=True)
        for box in part.boxes:
            self._write_box(box, runner)
        for name, uses in part.attributes.items():
            for call in uses.whole:
                self._write_whole(call, runner, named=any(box.named for box in judge.found.attributes[name]))
            for each in uses.flow.calls:
                self._write_each(each.node, runner, whole=self._runs_boxes(judge, part, each))
        for kind in kinds:
            for layer in kind.layers:
                self._write_layer(layer, kind, runner, part)

    def _definer(self, part: Part) -> Method:
        """The method that gives the first of the attributes its container."""
        methods = [one.method for name in part.attributes for one in self.model.attribute(name).definitions]
        return min(methods, key=lambda method: method.node.lineno)

    def _runner(self, judge: Judge, part: Part, kinds: tuple[Kind, ...]) -> Runner:
        calls = [call for uses in part.attributes.values() for call in uses.flow.calls]
        each = any(not self._runs_boxes(judge, part, call) for call in calls)
        runs = [box for box in part.boxes if box.runs]
        inner = [box for box in runs if each or self._is_inside(box, runs)]
        whole, base = None, "layers"
        sliced = any(isinstance(call.func, ast.Subscript) for uses in part.attributes.values() for call in uses.whole)
        alone = len(part.attributes) == 1 and len(runs) == len(part.boxes)
        if alone and not sliced and not any(self._is_inside(box, runs) for box in runs):
            base = next(iter(part.attributes))
            whole = f"{base}.values()" if part.boxes[0].named else base
        return Runner(
            self.names.fresh(f"apply_{base.lstrip('_')}") if runs else None,
            kinds,
            judge.has_guests(part, lists=each),
            whole,
            self.names.fresh("apply_layer") if each else None,
            lists=whole is None and any(not box.named for box in inner),
            dicts=whole is None and any(box.named for box in inner),
        )

    def _is_inside(self, box: Box, runs: Sequence[Box]) -> bool:
        """Whether a Sequential may stand in another."""
        nodes = [one.node for one in runs]
        names = {name for one in runs for name in one.journey.attributes}
        return any(node in nodes for node in box.journey.into) or not names.isdisjoint(box.journey.grown)

    def _runs_boxes(self, judge: Judge, part: Part, call: MemberCall) -> bool:
        """Whether a call runs Sequentials and nothing else, as far as their lists tell."""
        nodes = {id(member.node) for member in call.members}
        plain = {id(box.node) for box in part.boxes if box.runs and not box.named}
        return bool(nodes) and nodes <= plain and not judge.has_guests(part)

    def _write_box(self, box: Box, runner: Runner) -> None:
        if not box.runs:
            return
        node = box.node
        kind = "ModuleDict" if box.named else "ModuleList"
        self.plan.edits.replace(node.func, self.speller.spell(f"torch.nn.{kind}", node))
        match node.args:
            case [ast.Starred(value=value) as only]:
                self.plan.edits.replace(only, Hole(value))
            case [_, *_] if not box.named:
                self.plan.edits.enclose(node, "[", "]")
        self.plan.convert(node, f"nn.Sequential → nn.{kind}, run by {runner.name}")

    def _write_whole(self, call: ast.Call, runner: Runner, *, named: bool) -> None:
        """`self.features(x)` → `self.apply_features(x)`."""
        function = call.func
        use = function.value if isinstance(function, ast.Subscript) else function
        assert isinstance(use, ast.Attribute)
        owner, text = self.source.says(use.value), self.source.says(function)
        self.plan.edits.replace(function, f"{owner}.{runner.name}")
        if runner.whole is None:
            self.plan.edits.enclose(call, f"{text}.values(), " if named else f"{text}, ", "")

    def _write_each(self, call: ast.Call, runner: Runner, *, whole: bool) -> None:
        """`layer(x)` → `self.apply_layer(layer, x)`."""
        method = self.model.method_of(call)
        assert method is not None
        assert method.self_name is not None
        text = self.source.says(call.func)
        self.plan.edits.replace(call.func, f"{method.self_name}.{runner.name if whole else runner.each}")
        self.plan.edits.enclose(call, f"{text}, ", "")

    def _write_layer(self, layer: Layer, kind: Kind, runner: Runner, part: Part) -> None:
        built, form = layer.built, layer.form
        assert form is not None
        method = self.model.method_of(built.node)
        assert method is not None
        base = form.pair.function_path.rpartition(".")[2] or form.pair.module.lower()
        if runner.tells_kinds and not form.tensors and not form.settings:
            parts = (f"{method.self_name}.{self._plain(method)}({kind.word!r})",)
            self.plan.edits.replace(built.node, *parts)
        else:
            word = (("kind", repr(kind.word)),) if runner.tells_kinds else ()
            made = replace(form, settings=(*word, *form.settings))
            self.plan.edits.replace(built.node, *self._maker(method).made(built, made, layer.sizes, base))
        where = f" in self.{next(iter(part.attributes))}" if part.attributes else ""
        self.plan.convert(
            built.node, f"{built.written} → an object{where}, run by {runner.name or runner.each}", close=form.close
        )
        self.plan.gain(functions=1, modules=-1)

    def _plain(self, method: Method) -> str:
        """The method that makes an object with the word of its kind alone."""
        owner = method.self_name
        assert owner is not None
        if owner not in self._plain_maker:
            self._plain_maker[owner] = self.names.fresh("make_layer")
            self._maker(method).lines += [
                Line(()),
                line(f"def {self._plain_maker[owner]}({owner}, kind):"),
                line(f"layer = {self.speller.spell('torch.nn.Module', method.node)}()", depth=1),
                line("layer.kind = kind", depth=1),
                line("return layer", depth=1),
            ]
        return self._plain_maker[owner]
