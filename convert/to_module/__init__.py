"""Functional → module: decides, call by call and layer by layer, what becomes a torch.nn module."""

from __future__ import annotations

import ast
from collections.abc import Callable

from ..outcome import Options
from ..plan.edits import Replace
from ..plan.guards import Guards
from ..plan.naming import Names
from ..plan.plan import Kept, Plan
from ..plan.spelling import Speller
from ..recognise.calls import FunctionCall, function_calls, one_way_calls, shown
from ..recognise.dummy import without_dummies
from ..recognise.joins import Join, joins
from ..recognise.product import linear_products, read_again
from ..recognise.surroundings import Surroundings
from ..recognise.tensors import lookalikes, method_calls
from .arguments import Asker
from .given import GivenPlanner, is_given
from .split import split_shared
from .stateless import StatelessPlanner
from .weighted import WeightedPlanner


def plan_to_module(
    plan: Plan,
    surroundings: Surroundings,
    options: Options,
    names: Names,
    speller: Speller,
    wanted: Callable[[str], bool],
) -> None:
    """Add to a plan all that becomes a module. `wanted` says of a family of stateless calls whether it should."""
    guards = Guards(plan.model, surroundings)
    asker = Asker(plan.model, surroundings, options)
    products = list(linear_products(plan.model))
    inside = read_again(products)
    calls = [call for call in function_calls(plan.model) if call.node not in inside]
    calls, dummies = _without_dummies(plan, calls)
    if wanted("method"):
        calls = sorted([*calls, *_certain_methods(plan)], key=_place)
    weighted = [call for call in calls if _is_weighted(call)]
    stateless = [call for call in calls if not _is_weighted(call) and wanted(call.pairs[0].family)]
    given = [call for call in stateless if is_given(call)]
    layers = WeightedPlanner(plan, guards, asker, names, speller)
    layers.plan_layers(sorted([*weighted, *_wanted(plan, products, options)], key=_place))
    GivenPlanner(plan, guards, asker, names, speller).plan_calls(given)
    left = [call for call in stateless if call.node not in layers.swallowed and call not in given]
    StatelessPlanner(plan, guards, asker, names, speller).plan_calls(left, _joins(plan, options))
    replaced = {edit.node for edit in plan.edits.edits if isinstance(edit, Replace)}
    for statement in (one for call, made in dummies.items() if call in replaced for one in made):
        plan.edits.replace_statement(statement)
    if options.goal is not None:
        split_shared(plan, guards, names)
    if wanted("one-way"):
        for node, row in one_way_calls(plan.model, "function"):
            plan.keep(Kept("NF215", name=shown(row.path), reason=row.reason, cure=row.cure), node)
        for node, like in lookalikes(plan.model):
            plan.keep(Kept("NF215", name=like.written, reason=like.reason, cure=like.cure), node)


def _without_dummies(
    plan: Plan, calls: list[FunctionCall]
) -> tuple[list[FunctionCall], dict[ast.expr, list[ast.stmt]]]:
    """The calls without statistics that nobody keeps, and the statements that make these for a call."""
    read = [without_dummies(plan.model, call) for call in calls]
    return [call for call, _ in read], {call.node: made for call, made in read if made}


def _wanted(plan: Plan, products: list[FunctionCall], options: Options) -> list[FunctionCall]:
    """The products to convert: all under --respell, else those that F.linear computes by the same call."""
    for product in products:
        if not (options.respell or product.spelling.exact):
            text = " ".join(plan.model.source.says(product.node).split())
            plan.keep(Kept("NF260", text=text if len(text) <= 60 else text[:57] + "..."), product.node)
    return [product for product in products if options.respell or product.spelling.exact]


def _joins(plan: Plan, options: Options) -> list[Join]:
    """Sums and concatenations, which eager quantisation sees only as modules."""
    return list(joins(plan.model)) if options.goal == "quantize" else []


def _certain_methods(plan: Plan) -> list[FunctionCall]:
    """Calls of tensor methods whose receiver is a tensor; the others are kept."""
    found: list[FunctionCall] = []
    for call, certain in method_calls(plan.model):
        if certain:
            found.append(call)
        else:
            more = " of two dimensions or more" if call.spelling.method == "view" else ""
            text = plan.model.source.says(call.args["input"])
            plan.keep(Kept("NF240", text=" ".join(text.split())[:60], more=more), call.node)
    return found


def _place(call: FunctionCall) -> tuple[int, int]:
    """Where a call ends, which is the order in which calls run."""
    return call.node.end_lineno or 0, call.node.end_col_offset or 0


def _is_weighted(call: FunctionCall) -> bool:
    """Whether a call is handed a tensor that a module would own."""
    given = (call.args.get(slot.name) for slot in call.pairs[0].handed if not slot.given)
    return any(node is not None and not (isinstance(node, ast.Constant) and node.value is None) for node in given)
