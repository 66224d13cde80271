"""The functional call of a layer: `self.conv1(x)` → `F.conv2d(x, self.conv1_weight, self.conv1_bias)`."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from ..calls import BindError, bind, list_args, same_value
from ..ops import Pair
from ..plan.edits import Hole, Part, Rows
from ..plan.plan import Kept
from ..plan.spelling import Speller
from ..recognise.literal import is_repeatable
from ..source import Source
from ..source.literal import is_literal
from .form import Form

_DATA = re.compile("\0([0-9]+)\0")
_ROW = 10
"""More arguments than this are written one on a line."""

_ATOMS = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant)


def function_call(
    source: Source, form: Form, node: ast.Call, self_name: str, name: str, speller: Speller
) -> tuple[Part, ...]:
    """The parts of the functional call that replaces a call of the layer. Raises Kept."""
    data = _data(source, form.pair, node, name)
    marks = {argument: f"\0{index}\0" for index, argument in enumerate(data)}
    if not form.pair.function_path and not isinstance(data[form.pair.data[0]], _ATOMS):
        marks = {form.pair.data[0]: "(\0000\0)"}
    nodes = list(data.values())
    if not form.pair.function_path:
        return _with_holes(marks[form.pair.data[0]], nodes)
    arguments = _arguments(form, marks, self_name, speller, node)
    rows = Rows(tuple(_with_holes(argument, nodes) for argument in arguments), always=len(arguments) > _ROW)
    return (f"{speller.spell(form.pair.function_path, node)}(", rows, ")")


def written(form: Form, data: Mapping[str, str], self_name: str, speller: Speller, at: ast.AST) -> str:
    """The call as text, the data arguments given as texts; for `nn.Identity` its argument alone."""
    if not form.pair.function_path:
        return data[form.pair.data[0]]
    arguments = _arguments(form, data, self_name, speller, at)
    return f"{speller.spell(form.pair.function_path, at)}({', '.join(arguments)})"


def _arguments(form: Form, data: Mapping[str, str], self_name: str, speller: Speller, at: ast.AST) -> list[str]:
    """All arguments of the function, as texts."""
    pair = form.pair
    values = {name: text.replace("{self}", self_name) for name, text in form.arguments.items()}
    said = {name for name, other in pair.shared.items() if other in form.said}
    everything = {**values, **data}
    if form.padding is not None:
        first = pair.data[0]
        everything[first] = form.padding.written(speller.spell("torch.nn.functional.pad", at), everything[first])
    return list_args(pair.function_signature, everything, positional=pair.function_positional, said=said)


def _with_holes(text: str, nodes: Sequence[ast.expr]) -> tuple[Part, ...]:
    """A text with the expressions that its marks stand for."""
    pieces = enumerate(_DATA.split(text))
    return tuple(Hole(nodes[int(piece)]) if index % 2 else piece for index, piece in pieces if piece)


def _data(source: Source, pair: Pair, node: ast.Call, name: str) -> dict[str, ast.expr]:
    """Function argument → expression for what the layer is called with."""
    try:
        bound = bind(pair.forward_signature, node)
    except BindError as error:
        raise Kept("NF217", node, name=f"self.{name}", reason=error.message) from None
    if bound.missing:
        raise Kept("NF217", node, name=f"self.{name}", reason=f"required argument {bound.missing[0]} is missing")
    back = {target: argument for argument, target in pair.call_renames.items()}
    found: dict[str, ast.expr] = {}
    for argument, value in bound.args.items():
        if argument in pair.call_only:
            default = pair.forward_signature.default(argument)
            if default is None or not same_value(source.says(value), default):
                raise Kept("NF216", node, argument=argument, name=f"self.{name}", reason=pair.call_only[argument])
            continue
        found[back.get(argument, argument)] = value
    moving = {argument: value for argument, value in found.items() if not _may_move(source, node, value)}
    in_text = sorted(moving.values(), key=lambda value: (value.lineno, value.col_offset))
    in_function = [moving[argument] for argument in pair.function_signature.names if argument in moving]
    if in_text != in_function and not all(is_repeatable(source, value) for value in in_text):
        raise Kept("NF224", node, text=source.says(node))
    return found


def _may_move(source: Source, call: ast.Call, value: ast.expr) -> bool:
    """Whether an argument means the same before and after the others: a literal, or a name that none of them binds."""
    if not isinstance(value, ast.Name):
        return is_literal(value)
    rebinders: list[ast.Global | ast.Nonlocal] = [*source.every(ast.Global), *source.every(ast.Nonlocal)]
    bound = any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(call))
    return not bound and not any(value.id in rebinder.names for rebinder in rebinders)
