"""A layer that takes the batch first, in functional style: a method of its name swaps the axes around the function.

As in torch, one tensor that stands for several inputs stays one tensor, and input without a batch stays as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ..calls import BindError, bind
from ..ops import Pair
from ..plan.edits import Line, line
from ..plan.plan import Kept
from ..plan.spelling import Speller
from ..plan.wrap import statement_lines
from .call import written
from .form import Form
from .uses import LayerCall


def swapping_method(name: str, form: Form, calls: Sequence[LayerCall], speller: Speller, at: ast.AST) -> list[Line]:
    """The method's lines. Raises Kept where a call cannot be read."""
    swap, pair = form.pair.swap, form.pair
    assert swap is not None
    options = _options(pair, name, calls)
    query, key, value = swap.inputs
    signature = pair.forward_signature
    arguments = ["self", *swap.inputs, *(f"{option}={signature.default(option)}" for option in options)]
    text = written(form, {argument: argument for argument in (*swap.inputs, *options)}, "self", speller, at)
    body = [
        f"batched = {query}.dim() == {swap.rank}",
        f"if batched and {query} is {key} is {value}:",
        f"    {query} = {key} = {value} = {query}.transpose(1, 0)",
        f"elif batched and {key} is {value}:",
        f"    {query}, {key} = {query}.transpose(1, 0), {key}.transpose(1, 0)",
        f"    {value} = {key}",
        "elif batched:",
        f"    {', '.join(swap.inputs)} = (x.transpose(1, 0) for x in ({', '.join(swap.inputs)}))",
    ]
    return [
        Line(()),
        line(f"def {name}({', '.join(arguments)}):"),
        *(line(row.lstrip(), depth=1 + row.startswith(" ")) for row in body),
        *statement_lines(f"x, weights = {text}", 1),
        line("return x.transpose(1, 0) if batched else x, weights", depth=1),
    ]


def _options(pair: Pair, name: str, calls: Sequence[LayerCall]) -> list[str]:
    """The arguments beside the inputs that the calls pass, and those that stand before one passed by position."""
    signature = pair.forward_signature
    used: set[str] = set()
    for call in calls:
        try:
            bound = bind(signature, call.node)
        except BindError as error:
            raise Kept("NF217", call.node, name=f"self.{name}", reason=error.message) from None
        if bound.missing:
            reason = f"required argument {bound.missing[0]} is missing"
            raise Kept("NF217", call.node, name=f"self.{name}", reason=reason)
        used |= {*bound.args, *signature.positional[: len(call.node.args)]}
    return [option for option in signature.names if option in used and signature.default(option) is not None]
