"""What a file has of explicit weights: groups of functions, and plain classes. Most have none, which is told fast."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..recognise.calls import FunctionCall, read_call
from ..source import Source
from .functions import Functions
from .listed import Listed, listed_parameters
from .plain_class import PlainClass, plain_classes
from .shared import shared_groups
from .takers import Takers

Unit = Functions | PlainClass | Listed


def units_of(source: Source, *, respell: bool = False) -> list[Unit]:
    """All units of a file; with `respell` those too whose weights only stand in products."""
    calls, listed = list(weighted_calls(source)), list(listed_parameters(source))
    if not calls and not respell:
        return [*listed]
    takers = Takers(source, calls, respell=respell)
    units: list[Unit] = [Functions(takers, group, None) for group in takers.groups()]
    units += [Functions(takers, group, variables) for group, variables in shared_groups(takers)]
    return [*units, *plain_classes(source, calls), *listed]


def weighted_calls(source: Source) -> Iterator[FunctionCall]:
    """Every call of torch that is handed tensors which a module would own, but those in modules."""
    for node in source.every(ast.Call):
        call = read_call(source, node, None)
        if call is None or not any(_is_given(call.args.get(slot.name)) for slot in call.pairs[0].handed):
            continue
        if not any(_is_module(source, around) for around in source.ancestors(node)):
            yield call


def _is_given(node: ast.expr | None) -> bool:
    return node is not None and not (isinstance(node, ast.Constant) and node.value is None)


def _is_module(source: Source, node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any(source.path_of(base) == "torch.nn.Module" for base in node.bases)
