"""A layer that takes the batch first, in functional style: a method of its name swaps the axes around the function."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ..calls import BindError, bind
from ..ops import Pair
from ..plan.edits import Line, line
from ..plan.plan import Kept
from ..plan.spelling import Speller
from ..plan.swapping import after_call, before_call, the_call
from ..plan.wrap import statement_lines
from .call import written
from .form import Form
from .uses import LayerCall


def swapping_method(name: str, form: Form, calls: Sequence[LayerCall], speller: Speller, at: ast.AST) -> list[Line]:
    """The method's lines. Raises Kept where a call cannot be read."""
    swap, pair = form.pair.swap, form.pair
    assert swap is not None
    options = _options(pair, name, calls)
    signature = pair.forward_signature
    arguments = ["self", *swap.inputs, *(f"{option}={signature.default(option)}" for option in options)]
    text = written(form, {argument: argument for argument in (*swap.inputs, *options)}, "self", speller, at)
    return [
        Line(()),
        line(f"def {name}({', '.join(arguments)}):"),
        *(line(row.lstrip(), depth=1 + row.startswith(" ")) for row in before_call(swap)),
        *statement_lines(the_call(text), 1),
        line(after_call(), depth=1),
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
