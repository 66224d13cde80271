"""Functional → module, calls without own tensors: each `F.relu(x)` gets an nn.ReLU of its own, made in __init__.

Modules are created in the order of use, at the end of __init__, and named after the function.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from ..calls import format_args
from ..ops import Pair
from ..plan.edits import Hole, Line, Part, line
from ..plan.guards import Guards
from ..plan.naming import Names
from ..plan.plan import Kept, Plan
from ..plan.spelling import NoName, Speller
from ..recognise.calls import FunctionCall
from ..recognise.joins import Join
from ..recognise.model import Method
from ..rewrite import shares_line
from .arguments import Asker, module_call
from .choose import choose_pair

_FLOAT_FUNCTIONAL = "torch.ao.nn.quantized.FloatFunctional"


@dataclass(frozen=True)
class Made:
    """A module to be created at the end of __init__."""

    name: str
    constructor: str


class StatelessPlanner:
    """Plans the calls without tensors of one model."""

    def __init__(self, plan: Plan, guards: Guards, asker: Asker, names: Names, speller: Speller) -> None:
        self.plan = plan
        self.model = plan.model
        self.guards = guards
        self.asker = asker
        self.names = names
        self.speller = speller
        self.made: list[Made] = []

    def plan_calls(self, calls: Sequence[FunctionCall], joins: Sequence[Join] = ()) -> None:
        """Decide every call, and every join that shall be a FloatFunctional; then write the constructor's new lines."""
        work: list[tuple[ast.expr | ast.AugAssign, Callable[[], None]]] = []
        work += [(call.node, partial(self._plan_call, call)) for call in calls]
        work += [(join.node, partial(self._plan_join, join)) for join in joins]
        for node, decide in work:
            try:
                decide()
            except Kept as reason:
                self.plan.keep(reason, node)
            except NoName as path:
                self.plan.keep(Kept("NF225", reason=f"no certain name for {path} here"), node)
        if self.made:
            self._write_constructor()

    def _plan_call(self, call: FunctionCall) -> None:
        if call.fault:
            raise Kept("NF217", name=call.written, reason=call.fault)
        pair = choose_pair(self.model, call)
        self.guards.check_class()
        self.guards.check_new_child()
        self.guards.check_kind(pair.module_path)
        self._check_place(call.node, call.method, call.written)
        mended = False
        if pair.mode:
            self.guards.check_mode()
            tracks = pair.mode_needs is None
            mended = self.asker.check_training(call, pair, tracks=tracks)
        values = self._values(call, pair)
        assert call.method is not None
        assert self.model.node.body
        at = self.model.init.node.body[-1] if self.model.init is not None else self.model.node.body[0]
        said = {pair.shared[name] for name in call.args if name in pair.shared}
        arguments = format_args(pair.module_signature, values, positional=pair.module_positional, said=said)
        constructor = f"{self.speller.spell(pair.module_path, at)}({arguments})"
        name = self.names.fresh(pair.function.rpartition(".")[2])
        self.made.append(Made(name, constructor))
        self.plan.edits.replace(call.node, *module_call(call, pair, f"{call.method.self_name}.{name}"))
        self.plan.convert(call.node, f"{call.written} → self.{name} = {constructor}")
        self.plan.gain(functions=-1, modules=1)
        if mended:
            self.plan.mend(call.call)

    def _plan_join(self, join: Join) -> None:
        """`x + y` → `self.float_add.add(x, y)`, which eager quantisation can observe."""
        text = " ".join(self.model.source.says(join.node).split())[:60]
        if isinstance(join.node, ast.AugAssign):
            raise Kept("NF242", text=text)
        if not join.certain:
            raise Kept("NF241", text=text)
        method = self.model.method_of(join.node)
        self.guards.check_class()
        self.guards.check_new_child()
        self._check_place(join.node, method, text)
        assert method is not None
        at = self.model.init.node.body[-1] if self.model.init is not None else self.model.node.body[0]
        constructor = f"{self.speller.spell(_FLOAT_FUNCTIONAL, at)}()"
        name = self.names.fresh(f"float_{join.name}")
        self.made.append(Made(name, constructor))
        parts: list[Part] = [f"{method.self_name}.{name}.{join.name}("]
        for number, (word, value) in enumerate(join.arguments):
            parts += [f"{', ' if number else ''}{word}", Hole(value)]
        self.plan.edits.replace(join.node, *parts, ")")
        self.plan.convert(join.node, f"{text} → self.{name} = {constructor}")

    def _values(self, call: FunctionCall, pair: Pair) -> dict[str, str]:
        values = self.asker.settings(call, pair)
        for argument in pair.shape_of:
            if (node := call.args.get(argument)) is not None:
                values[pair.renames.get(argument, argument)] = self.asker.static(call, argument, node, None)
        flags = {flag for slot in pair.handed if not slot.given for flag in slot.when[:1]}
        unflagged = [slot for slot in pair.handed if not slot.given and not slot.when]
        if unflagged or set(pair.solved) - set(values) & set(pair.module_signature.required):
            missing = unflagged[0].name if unflagged else pair.solved[0]
            reason = "the module cannot be built without knowing it"
            raise Kept("NF216", argument=missing, name=call.written, reason=reason)
        values.update({flag: "False" for flag in flags if not _is_off(pair, flag)})
        return values

    def _check_place(self, node: ast.expr, method: Method | None, written: str) -> None:
        """The node runs in a method, with self at hand, after the end of __init__."""
        self.guards.check_text(node)
        if method is None or method.self_name is None or method.name == "__init__" or not self._sees_self(node, method):
            raise Kept("NF218", function=written)
        if method.name in self._runs_during_init():
            raise Kept("NF218", function=written)
        init = self.model.init
        if init is None:
            if any(self.model.source.path_of(base) != "torch.nn.Module" for base in self.model.node.bases):
                raise Kept("NF231", name=self.model.name, text="several classes")
            if self.model.node.decorator_list:
                text = self.model.source.says(self.model.node.decorator_list[0])
                raise Kept("NF236", name=self.model.name, text=text)
            return
        returns = [node for node in ast.walk(init.node) if isinstance(node, ast.Return)]
        if init.self_name is None or returns or shares_line(self.model.source, init.node.body[-1]):
            raise Kept("NF227" if not returns else "NF218", function=written)

    def _sees_self(self, node: ast.expr, method: Method) -> bool:
        """Whether the method's self is what the name means at the node (a nested function may re-bind it)."""
        scopes = self.model.source.scopes
        home = scopes.inside(method.node)
        scope = scopes.scope_of(node)
        while scope is not home:
            if method.self_name in scope.bindings or scope.parent is None:
                return False
            scope = scope.parent
        return True

    def _runs_during_init(self) -> set[str]:
        """Methods that __init__ may call, directly or through others."""
        if self.model.init is None:
            return set()
        found: set[str] = set()
        work = ["__init__"]
        while work:
            method = self.model.methods[work.pop()]
            inside = set(map(id, ast.walk(method.node)))
            called = {
                name
                for name, attribute in self.model.attributes.items()
                if name in self.model.methods and any(id(use) in inside for use in attribute.uses)
            }
            if any(id(name) in inside and self._calls_itself(name) for name in self.model.bare_self):
                called |= {"forward"} & self.model.methods.keys()
            work += called - found
            found |= called
        return found

    def _calls_itself(self, name: ast.Name) -> bool:
        parent = self.model.source.parent(name)
        return isinstance(parent, ast.Call) and parent.func is name

    def _write_constructor(self) -> None:
        init = self.model.init
        if init is not None:
            lines = [line(f"{init.self_name}.{made.name} = {made.constructor}") for made in self.made]
            self.plan.edits.insert(init.node.body[-1], *lines, after=True)
            return
        lines = [line("def __init__(self):"), line("super().__init__()", depth=1)]
        lines += [line(f"self.{made.name} = {made.constructor}", depth=1) for made in self.made]
        first = next(s for s in self.model.node.body if isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef)))
        self.plan.edits.insert(first, *lines, Line(()))


def _is_off(pair: Pair, flag: str) -> bool:
    return pair.module_signature.default(flag) == "False"
