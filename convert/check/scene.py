"""What a check looks at: a file, its model classes, and all calls of torch functions in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ..diagnostics import Diagnostic, diagnose
from ..ops import by_module
from ..recognise.calls import FunctionCall, calls_under
from ..recognise.model import Model, models_of
from ..source import Source

_RECURRENT = {"RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell", "MultiheadAttention"}
_TRANSFORMERS = {"Transformer", "TransformerEncoderLayer", "TransformerDecoderLayer"}


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

    def forwards(self) -> Iterator[tuple[Model, ast.FunctionDef]]:
        """The methods that compute: `forward`, `forward_features` and what they call, each with its class."""
        for model in self.models:
            waiting = [name for name in model.methods if name.startswith("forward")]
            for name in waiting:
                node = model.methods[name].node
                if isinstance(node, ast.FunctionDef) and model.methods[name].self_name is not None:
                    yield model, node
                    used = (model.self_attribute(each) for each in ast.walk(node))
                    waiting += [each for each in used if each in model.methods and each not in waiting]

    def layer(self, model: Model, name: str | None) -> ast.Call | None:
        """The call that builds `self.name`; None where it is built in several ways, or not by a call."""
        attribute = model.attribute(name) if name else None
        if attribute is None or attribute.odd or len(attribute.definitions) != 1:
            return None
        value = attribute.definitions[0].value
        return value if isinstance(value, ast.Call) else None

    def layer_class(self, model: Model, called: ast.expr) -> str:
        """The torch class of the layer that an expression names: "torch.nn.Conv2d" for `self.conv`; "" if unknown."""
        built = self.layer(model, model.self_attribute(called))
        return "" if built is None else self.source.path_of(built.func) or ""

    def holds_state(self, built: ast.AST) -> bool:
        """Whether an expression builds a layer with parameters or buffers: of torch, or of a class of this file."""
        if not isinstance(built, ast.Call):
            return False
        path = self.source.path_of(built.func)
        if path in by_module:
            return _has_state(path)
        if path is not None:
            inner = [*built.args, *(keyword.value for keyword in built.keywords)]
            if path in {"torch.nn.Sequential", "torch.nn.ModuleList"}:
                return any(self.holds_state(node) for argument in inner for node in ast.walk(argument))
            return path.removeprefix("torch.nn.") in _RECURRENT | _TRANSFORMERS
        return isinstance(built.func, ast.Name) and any(
            model.name == built.func.id and self._has_state(model) for model in self.models
        )

    def _has_state(self, model: Model) -> bool:
        values = [d.value for attribute in model.attributes.values() for d in attribute.definitions]
        calls = [value for value in values if isinstance(value, ast.Call)]
        paths = [self.source.path_of(call.func) for call in calls]
        return any(p == "torch.nn.Parameter" or (p in by_module and _has_state(p)) for p in paths)

    def is_unguarded(self, node: ast.AST) -> bool:
        """Whether no `if` and no conditional around a node asks for the training mode."""
        return not any(
            isinstance(around, (ast.If, ast.IfExp)) and "train" in self.source.says(around.test)
            for around in self.source.ancestors(node)
        )

    def is_without_gradient(self, node: ast.AST) -> bool:
        """Whether a `with torch.no_grad()` or a decorator around a node switches autograd off."""
        for around in self.source.ancestors(node):
            said: list[ast.expr] = []
            if isinstance(around, ast.With):
                said = [item.context_expr for item in around.items]
            elif isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
                said = around.decorator_list
            if any(word in self.source.says(each) for each in said for word in ("no_grad", "inference_mode")):
                return True
        return False

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


def _has_state(path: str) -> bool:
    """Whether a layer has tensors of its own making: a loss that is handed its class weights has not."""
    return any(not slot.given for slot in by_module[path].slots)
