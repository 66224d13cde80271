"""A method that adds the batch axis where its input has none: such a one and its layer become a module that does so."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..ops import Pair
from ..plan.guards import Guards
from ..plan.plan import Kept
from ..plan.single import after_call, before_call, the_call, the_input
from ..recognise.calls import FunctionCall
from ..recognise.model import Method, Model
from ..recognise.value import Array
from ..recognise.values import axes_of


def adds_batch(model: Model, call: FunctionCall, pair: Pair) -> bool:
    """Whether the call's method is one that gives its function a batch whatever it is given itself."""
    given, method = call.args.get("input"), call.method
    if method is None or given is None or len(pair.other_ranks) != 1 or ast.unparse(given) != the_input():
        return False
    rows = [*before_call(pair), the_call(f"({model.source.says(call.node)})"), f"return {after_call()}"]
    expected = ast.parse("\n".join(rows)).body
    body = method.node.body
    same = len(body) == len(expected) and all(
        ast.dump(one) == ast.dump(other) for one, other in zip(body, expected, strict=True)
    )
    return same and all(_fits(axes, pair) for axes in _given(model, method))


def _given(model: Model, method: Method) -> Iterator[Array]:
    """What the method is called with in its class."""
    for use in model.attribute(method.name).uses:
        call = model.source.parent(use)
        if isinstance(call, ast.Call) and call.func is use and call.args:
            yield axes_of(model, call.args[0])


def _fits(axes: Array, pair: Pair) -> bool:
    """Whether the module takes as many axes, as far as they are known: one number that it takes, or both may come."""
    if axes.rank is not None:
        return axes.rank in (*pair.ranks, *pair.other_ranks)
    return axes.least <= min(pair.other_ranks) and (axes.most is None or axes.most >= max(pair.ranks))


def single_method(model: Model, guards: Guards, pair: Pair, call: FunctionCall) -> Method | None:
    """The method that the layer takes the place of: it does nothing else, and is only called."""
    method = call.method
    if method is None or not adds_batch(model, call, pair) or method.node.decorator_list:
        return None
    if [argument.arg for argument in ast.walk(method.node.args) if isinstance(argument, ast.arg)][1:] != ["x"]:
        return None
    if method.node.args.defaults or method.node.args.vararg or method.node.args.kwarg:
        return None
    try:
        guards.check_method(method.name)
    except Kept:
        return None
    return method
