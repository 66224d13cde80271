"""What a file has of explicit weights: groups of functions, and plain classes. Most have none, which is told fast."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..ops import by_function
from ..recognise.calls import FunctionCall, read_call
from ..source import Source
from .functions import Functions
from .gain import may_gain
from .listed import Listed, listed_parameters
from .plain_class import PlainClass, plain_classes
from .shared import shared_groups
from .takers import Takers

_TRAINING = ("requires_grad", "Parameter(", "Variable(")
_WEIGHTED = {path.rpartition(".")[2] for path, pairs in by_function.items() if pairs[0].handed}
Unit = Functions | PlainClass | Listed


def units_of(source: Source, *, respell: bool = False) -> list[Unit]:
    """All units of a file of which something may become a module; with `respell` products may."""
    calls, listed = list(weighted_calls(source)), list(listed_parameters(source))
    if not calls and not any(word in source.text for word in _TRAINING):  # products are not enough to be weights
        return [*listed]
    takers = Takers(source, calls)
    units = [Functions(takers, group, None) for group in takers.groups()]
    units += [Functions(takers, group, variables) for group, variables in shared_groups(takers)]
    units = [unit for unit in units if may_gain(takers, unit.group, respell=respell)]
    return [*units, *plain_classes(source, calls), *listed]


def weighted_calls(source: Source) -> Iterator[FunctionCall]:
    """Every call of torch that is handed tensors which a module would own, but those in modules."""
    for node in source.every(ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr not in _WEIGHTED:
            continue
        call = read_call(source, node, None)
        if call is None or not any(_is_given(call.args.get(slot.name)) for slot in call.pairs[0].handed):
            continue
        if not any(_is_module(source, around) for around in source.ancestors(node)):
            yield call


def _is_given(node: ast.expr | None) -> bool:
    return node is not None and not (isinstance(node, ast.Constant) and node.value is None)


def _is_module(source: Source, node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any(source.path_of(base) == "torch.nn.Module" for base in node.bases)
