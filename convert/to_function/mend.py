"""`--fix dropout` in functional style: a dropout that is always on gets `training=self.training`."""

from __future__ import annotations

from ..plan.edits import Hole, Part
from ..plan.plan import Plan
from ..recognise.calls import FunctionCall, function_calls


def mend_dropout(plan: Plan) -> None:
    """Make every dropout call that leaves `training` out follow the model's mode."""
    for call in function_calls(plan.model):
        pair = call.pairs[0]
        left_out = pair.family == "dropout" and pair.mode is not None and pair.mode not in call.args
        if call.fault or not left_out or call.method is None or call.method.self_name is None:
            continue
        plan.edits.replace(call.node, *_with_mode(plan, call))
        plan.convert(call.node, f"{call.written} gets {pair.mode}={call.method.self_name}.training")
        plan.mend(call.call)


def _with_mode(plan: Plan, call: FunctionCall) -> tuple[Part, ...]:
    parts: list[Part] = [f"{plan.model.source.says(call.call.func)}("]
    for node in call.call.args:
        parts += [Hole(node), ", "]
    for keyword in call.call.keywords:
        parts += [f"{keyword.arg}=", Hole(keyword.value), ", "]
    assert call.method is not None
    return (*parts, f"{call.pairs[0].mode}={call.method.self_name}.training)")
