"""Which module a call means, where one function serves several (`batch_norm` → 1d, 2d, 3d; `pad` → by mode)."""

from __future__ import annotations

import ast

from ..calls import same_value
from ..ops import Pair
from ..plan.plan import Kept
from ..recognise.batch import counted_rank
from ..recognise.calls import FunctionCall
from ..recognise.model import Model
from ..recognise.rank import input_rank
from .single import adds_batch


def choose_pair(model: Model, call: FunctionCall) -> Pair:
    """The one row that a call can mean. Raises Kept where it is none or cannot be told."""
    fitting = [
        pair
        for pair in call.pairs
        if pair.ways != "to_function" and _fixed_arguments_fit(model, call, pair) and _lengths_fit(call, pair)
    ]
    if not fitting:
        pair = call.pairs[0]
        cure = "Leave the call functional."
        raise Kept(
            "NF215", call.node, name=call.written, reason=pair.note or "no module takes these arguments", cure=cure
        )
    if not any(pair.ranks for pair in fitting):
        return fitting[0]  # rows that fit the same call stand in the order of preference
    if told := [pair for pair in fitting if adds_batch(model, call, pair)]:
        return told[0]
    given = call.args.get("input")
    counted = None if given is None else counted_rank(model, given)
    rank = counted or input_rank(model, call)
    by_rank = [pair for pair in fitting if rank is not None and rank in pair.ranks]
    if len(by_rank) != 1:
        raise Kept("NF207", call.node, function=call.written)
    if by_rank[0].other_ranks and counted is None:
        raise Kept("NF238", call.node, name=f"nn.{by_rank[0].module}", function=call.written)
    return by_rank[0]


def _fixed_arguments_fit(model: Model, call: FunctionCall, pair: Pair) -> bool:
    for name, allowed in pair.fixed.items():
        node = call.args.get(name)
        text = model.source.says(node) if node is not None else pair.function_signature.default(name)
        if text is None or not any(same_value(text, value) for value in allowed):
            return False
    return True


def _lengths_fit(call: FunctionCall, pair: Pair) -> bool:
    """Whether the sequences that tell modules apart have the length of this one, as far as the text shows it."""
    for name, count in pair.lengths.items():
        node = call.args.get(name)
        if not isinstance(node, (ast.Tuple, ast.List)) or any(isinstance(item, ast.Starred) for item in node.elts):
            return False
        if len(node.elts) != count:
            return False
    return True
