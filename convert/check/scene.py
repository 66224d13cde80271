"""What a check looks at: a file, its model classes, and all calls of torch functions in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ..diagnostics import Diagnostic, diagnose
from ..recognise.calls import FunctionCall, calls_under
from ..recognise.model import Model, models_of
from ..source import Source


@dataclass
class Scene:
    """One file to be checked."""

    source: Source

    @cached_property
    def models(self) -> tuple[Model, ...]:
        """The model classes of the file."""
        return tuple(models_of(self.source))

    @cached_property
    def calls(self) -> tuple[FunctionCall, ...]:
        """Every call of a function with a row, wherever it stands."""
        return tuple(calls_under(self.source, self.source.tree))

    def model_of(self, node: ast.AST) -> Model | None:
        """The model class around a node."""
        around = set(self.source.ancestors(node))
        return next((model for model in self.models if model.node in around), None)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method."""
        yield from self.source.every(ast.FunctionDef)
        yield from self.source.every(ast.AsyncFunctionDef)

    def find(self, code: str, node: ast.AST, **facts: object) -> Diagnostic:
        """A finding at a node."""
        what = " ".join(self.source.says(node).split())
        model = self.model_of(node)
        return diagnose(
            code,
            node.lineno,  # type: ignore[attr-defined]
            node.col_offset,  # type: ignore[attr-defined]
            what=what if len(what) <= 120 else what[:117] + "...",
            model=None if model is None else model.name,
            **facts,
        )
