"""Which style a model is written in: where its weighted layers stand."""

from __future__ import annotations

import ast

from .recognise.calls import construction, function_calls
from .recognise.model import Model


def style_of(model: Model) -> str:
    """ "functional", "module", "mixed", or "none" where nothing of torch's pairs is used."""
    functions = any(True for _ in function_calls(model))
    modules = any(construction(model, node) is not None for node in ast.walk(model.node))
    match functions, modules:
        case True, True:
            return "mixed"
        case True, False:
            return "functional"
        case False, True:
            return "module"
        case _:
            return "none"
