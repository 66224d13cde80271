"""What there is to gain of functions that are handed weights: which of their calls may become modules."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from ..ops import by_function, by_method
from ..plan.plan import Kept
from .takers import Taker, Takers
from .training import Training
from .weights import Making


def takes_layers(takers: Takers, group: Sequence[Taker]) -> bool:
    """Whether some call of a group is handed a weight as a layer's function is, and not only in a product."""
    return any(
        call.node is one.node and call.swallows is None
        for taker in group
        for call in (*taker.weighted, *taker.touched)
        for one in takers.calls.get(taker.function, ())
    )


def may_gain(takers: Takers, group: Sequence[Taker], *, respell: bool) -> bool:
    """Whether some site of a group may become a module."""
    products = [call for taker in group for call in taker.weighted]
    if takes_layers(takers, group) or any(respell or call.spelling.exact for call in products):
        return True
    return any(plain_calls(takers, taker) for taker in group)


def plain_calls(takers: Takers, taker: Taker) -> list[ast.Call]:
    """The calls in a taker that a module without weights may stand for; a loss alone makes no model."""
    found: list[ast.Call] = []
    for node in takers.source.walk(taker.function):
        if isinstance(node, ast.Call):
            path = takers.source.path_of(node.func)
            method = node.func.attr if path is None and isinstance(node.func, ast.Attribute) else ""
            pairs = by_function.get(path or "") or by_method.get(method, ())
            if pairs and not pairs[0].handed and pairs[0].family != "loss":
                found.append(node)
    return found


def check_trains(takers: Takers, group: Sequence[Taker], making: Making, training: Mapping[str, Training]) -> None:
    """Raise Kept for tensors that only stand in products, and of which nothing says that they are weights."""
    trains = making.dropped or any(one.says != "no" for one in training.values())
    if not trains and not takes_layers(takers, group):
        raise Kept("NF230", group[0].function, function=group[0].name)
