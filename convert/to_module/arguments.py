"""What a function call says about a constructor: the arguments that a module would be built with.

A module takes its settings once. So each must be constant here: a literal, or an attribute that only __init__ sets.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from ..calls import same_value
from ..ops import Pair
from ..outcome import Options
from ..plan.edits import Hole, Part
from ..plan.plan import Kept
from ..recognise.calls import FunctionCall
from ..recognise.literal import PURE, is_constant, is_repeatable
from ..recognise.model import Definition, Model
from ..recognise.plain import inner_store, other_store, plain_definition
from ..recognise.surroundings import Surroundings
from ..shapes import same_text


@dataclass(frozen=True)
class Asker:
    """Reads constructor arguments off calls of one model."""

    model: Model
    surroundings: Surroundings
    options: Options

    def settings(
        self, call: FunctionCall, pair: Pair, *, before: ast.stmt | None = None, counter: str | None = None
    ) -> dict[str, str]:
        """Constructor argument → source text, defaults of the function made explicit where the module's differ.

        `before`: the statement that will build the module, where that is not the end of __init__. `counter`: the
        attribute that counts the layer's batches.
        """
        values: dict[str, str] = {}
        for name in pair.function_signature.names:
            node = call.args.get(name)
            if name in pair.function_only or name in pair.fixed:
                self._check_fixed(call, pair, name, node)
            elif node is not None and counter and self._means_none(pair.for_none.get(name, ""), node, counter):
                values[name] = "None"
            elif name in pair.shared and name not in pair.shape_of:
                if isinstance(node, ast.IfExp) and self._is_unless_none(pair.for_none.get(name, ""), node, counter):
                    node = node.body
                text = self._default(call, pair, name) if node is None else self.static(call, name, node, before)
                if text is not None:
                    values[pair.shared[name]] = text
        values.update(call.implied)
        check_values(call, pair, values)
        return values

    def _means_none(self, template: str, node: ast.expr, counter: str) -> bool:
        """Whether an argument is written as the functional form writes None: by the batch counter."""
        owners = [name.id for name in ast.walk(node) if isinstance(name, ast.Name)]
        texts = [template.format(counter=f"{owner}.{counter}") for owner in owners] if template else []
        return any(same_text(self.model.source.says(node), text) for text in texts)

    def _is_unless_none(self, template: str, node: ast.IfExp, counter: str | None) -> bool:
        """`x if x is not None else …`, as the functional form writes an argument that may be None."""
        match node.test:
            case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
                says = self.model.source.says
                if not template or not same_text(says(left), says(node.body)):
                    return False
                if "{counter}" not in template:
                    return same_text(says(node.orelse), template)
                return counter is not None and self._means_none(template, node.orelse, counter)
            case _:
                return False

    def check_training(self, call: FunctionCall, pair: Pair, *, tracks: bool = True) -> bool:
        """The call must follow self.training as the module does. Returns whether it was mended on the way."""
        if pair.mode is None:
            return False
        node = call.args.get(pair.mode)
        if not tracks:  # without running statistics the module uses those of the batch, in eval mode too
            if pair.mode_default == "True" if node is None else isinstance(node, ast.Constant) and node.value is True:
                return False
        elif self.model.self_attribute(node) == "training" if node is not None else False:
            return False
        if node is None and "dropout" in self.options.fix and pair.family == "dropout":
            return True
        given = f"{pair.mode}={self.model.source.says(node)}" if node is not None else self._left_out(pair)
        raise Kept("NF202", call.node, function=call.written, given=given)

    def static(self, call: FunctionCall, name: str, node: ast.expr, before: ast.stmt | None) -> str:
        """The text of an argument that is the same at every call, and already set where the module is built."""
        text = self.model.source.says(node)
        for part in ast.walk(node):
            if isinstance(part, ast.Attribute) and self.model.self_attribute(part):
                self._check_setting(call, part, before)
            elif isinstance(part, ast.Name) and not self._is_fixed_name(part):
                raise Kept("NF201", node, argument=name, function=call.written, text=text)
        if not is_repeatable(self.model.source, node):
            raise Kept("NF201", node, argument=name, function=call.written, text=text)
        return text

    def _is_fixed_name(self, node: ast.Name) -> bool:
        parent = self.model.source.parent(node)
        if isinstance(parent, ast.Attribute) and self.model.self_attribute(parent):
            method, init = self.model.method_of(node), self.model.init
            return method is not None and init is not None and method.self_name == init.self_name
        if isinstance(parent, ast.Call) and parent.func is node and node.id in PURE:
            return not self.model.source.scopes.is_bound(node.id, node)
        return is_constant(self.model.source, node) or self.model.source.path_of(node) is not None

    def _check_setting(self, call: FunctionCall, node: ast.Attribute, before: ast.stmt | None) -> None:
        """`self.p` as an argument: set once, by __init__, to a plain value, and by nobody else."""
        text = self.model.source.says(node)
        if (place := other_store(self.model, self.surroundings, node.attr)) is not None:
            raise Kept("NF233", call.node, function=call.written, name=node.attr, other=place.lineno)  # type: ignore[attr-defined]
        if (place := inner_store(self.model, node)) is not None:
            raise Kept("NF233", call.node, function=call.written, name=node.attr, other=place.lineno)  # type: ignore[attr-defined]
        definition = plain_definition(self.model, node.attr)
        if definition is None or (before is not None and not self._is_set_before(definition, before)):
            raise Kept("NF201", node, argument=text, function=call.written, text=text)

    def _is_set_before(self, definition: Definition, statement: ast.stmt) -> bool:
        """Whether an attribute has its value when __init__ comes to a statement, there or in a method it calls."""
        init = self.model.init
        assert init is not None
        if any(around is init.node for around in self.model.source.ancestors(statement)):
            return definition.statement.lineno < statement.lineno
        method = self.model.method_of(statement)
        calls = self.model.attribute(method.name).uses if method is not None else []
        return all(
            self.model.method_of(call) is init and definition.statement.lineno < call.lineno for call in calls
        ) and bool(calls)

    def _check_fixed(self, call: FunctionCall, pair: Pair, name: str, node: ast.expr | None) -> None:
        if node is None:
            return
        text = self.model.source.says(node)
        default = pair.function_signature.default(name)
        allowed = pair.fixed.get(name) or ((default,) if default is not None else ())
        if not any(same_value(text, value) for value in allowed):
            reason = pair.function_only.get(name, f"nn.{pair.module} has it at {' or '.join(allowed)}")
            raise Kept("NF216", call.node, argument=name, name=call.written, reason=reason)

    def _default(self, call: FunctionCall, pair: Pair, name: str) -> str | None:
        """What the call leaves unsaid, where the module would take it otherwise."""
        if name in call.spelling.fixed:
            return call.spelling.fixed[name]
        signature = call.spelling.signature if name in call.spelling.signature else pair.function_signature
        default = signature.default(name)
        other = pair.module_signature.default(pair.shared[name])
        if default is None or (other is not None and same_value(default, other)):
            return None
        return default

    def _left_out(self, pair: Pair) -> str:
        return f"{pair.mode} left out, which means {pair.mode_default}"


def check_values(call: FunctionCall, pair: Pair, values: Mapping[str, str]) -> None:
    """Settings that the constructor does not take, or reads otherwise than the function. Raises Kept."""
    for name, forbidden in pair.not_values.items():
        for value, reason in forbidden.items():
            if name in values and same_value(values[name], value):
                raise Kept("NF216", call.node, argument=name, name=call.written, reason=reason)
    signature = pair.module_signature
    off = {name for name, text in values.items() if not same_value(text, signature.default(name) or "")}
    for names, reason in pair.together.items():
        if off.issuperset(names):
            raise Kept("NF216", call.node, argument=names[0], name=call.written, reason=reason)
    if pair.ascending and not _ascend(*(values.get(name, signature.default(name) or "") for name in pair.ascending)):
        reason = f"the constructor wants {' < '.join(pair.ascending)}"
        raise Kept("NF216", call.node, argument=pair.ascending[0], name=call.written, reason=reason)


def _ascend(*texts: str) -> bool:
    """Whether numbers are in ascending order, as far as their texts tell."""
    try:
        values = [ast.literal_eval(text) for text in texts]
    except ValueError:
        return True
    return all(one < other for one, other in pairwise(values))


def module_call(call: FunctionCall, pair: Pair, target: str) -> tuple[Part, ...]:
    """`self.conv1(x)`: the data arguments in the order they were evaluated, named only where position does not tell."""
    parts: list[Part] = [f"{target}("]
    expected = iter(pair.forward_signature.positional)
    in_order = True
    for name, node in sorted(call.args.items(), key=lambda item: (item[1].lineno, item[1].col_offset)):
        if name not in pair.data:
            continue
        argument = pair.call_renames.get(name, name)
        in_order = in_order and next(expected, None) == argument
        parts += [", "] if len(parts) > 1 else []
        parts += [Hole(node)] if in_order else [f"{argument}=", Hole(node)]
    return (*parts, ")")
