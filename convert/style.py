"""Which style a model is written in: functions, modules, both, or neither of what torch offers twice."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from .recognise.calls import Construction, construction, constructions, function_calls, one_way_calls
from .recognise.model import Model
from .recognise.product import linear_products, read_again


@dataclass(frozen=True)
class Style:
    """How many calls of functions and how many constructors of modules with a twin a class has."""

    functions: int
    modules: int

    def __str__(self) -> str:
        match bool(self.functions), bool(self.modules):
            case True, True:
                return "mixed"
            case True, False:
                return "functional"
            case False, True:
                return "module"
            case _:
                return "none"


def style_of(model: Model) -> Style:
    """Count the sites of a class, those without a twin too."""
    products = list(linear_products(model))
    inside = read_again(products)
    calls = [call for call in function_calls(model) if call.node not in inside]
    functions = [*products, *calls, *one_way_calls(model, "function")]
    modules = [*constructions(model), *_written_out(model), *one_way_calls(model, "module")]
    return Style(len(functions), len(modules))


def _written_out(model: Model) -> Iterator[Construction]:
    """Constructors that stand in a factory function of the file, which the class calls."""
    for attribute in model.attributes.values():
        for definition in attribute.definitions:
            if definition.value is not None and model.source.origin(definition.value) is not definition.value:
                found = (construction(model, node) for node in ast.walk(definition.value))
                yield from (built for built in found if built is not None)
