"""A method that swaps axes around a function: such a one and its layer become a module that takes the batch first."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from ..ops import Pair
from ..plan.guards import Guards
from ..plan.plan import Kept
from ..plan.swapping import after_call, before_call, the_call
from ..recognise.calls import FunctionCall
from ..recognise.model import Method, Model
from .owned import Owned


def swapping_method(
    model: Model, guards: Guards, pair: Pair, calls: Sequence[FunctionCall], owned: Mapping[str, Owned]
) -> Method | None:
    """The method that the layer takes the place of: it does nothing else, and is only called."""
    method = calls[0].method if len(calls) == 1 else None
    if pair.swap is None or method is None or method.node.decorator_list:
        return None
    if not _has_body(model, pair, method, calls[0]) or not _hands_on(pair, method, calls[0]):
        return None
    if any(tensor.definition.method is method for tensor in owned.values()):
        return None
    try:
        guards.check_method(method.name)
    except Kept:
        return None
    return method


def takes_no_other_path(model: Model, pair: Pair, call: FunctionCall, owned: Mapping[str, Owned]) -> bool:
    """Whether the module does what the function does in eval mode without gradients too."""
    assert pair.swap is not None
    values = {other: model.source.says(call.args[name]) for name, other in pair.shared.items() if name in call.args}
    values |= {flag: str(slot.name in owned) for slot in pair.handed for flag in slot.when}
    apart = pair.packing is not None and any(name in owned for name in pair.packing.apart)
    return apart or pair.swap.is_exact(values, None)


def _has_body(model: Model, pair: Pair, method: Method, call: FunctionCall) -> bool:
    assert pair.swap is not None
    rows = [*before_call(pair.swap), the_call(f"({model.source.says(call.node)})"), after_call()]
    expected = ast.parse("\n".join(rows)).body
    body = method.node.body
    return len(body) == len(expected) and all(
        ast.dump(one) == ast.dump(other) for one, other in zip(body, expected, strict=True)
    )


def _hands_on(pair: Pair, method: Method, call: FunctionCall) -> bool:
    """Whether the method takes the module's arguments with its defaults, and hands each on under its name."""
    assert pair.swap is not None
    arguments, signature = method.node.args, pair.forward_signature
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs:
        return False
    names = [argument.arg for argument in arguments.args[1:]]
    optional = names[len(pair.swap.inputs) :]
    defaults = [ast.unparse(default) for default in arguments.defaults]
    handed = {name: node.id for name, node in call.args.items() if name in pair.data and isinstance(node, ast.Name)}
    return (
        tuple(names[: len(pair.swap.inputs)]) == pair.swap.inputs
        and [name for name in signature.names if name in optional] == optional
        and [signature.default(name) for name in optional] == defaults
        and handed == {name: name for name in names}
        and not any(name in pair.data and name not in handed for name in call.args)
    )
