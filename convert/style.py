"""Which style a model is written in: functions, modules, both, or neither of what torch offers twice."""

from __future__ import annotations

from dataclasses import dataclass

from .recognise.calls import constructions, function_calls, one_way_calls
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
    modules = [*constructions(model), *one_way_calls(model, "module")]
    return Style(len(functions), len(modules))
