"""Models written as functions: `init_params`, `init_buffers` and `forward(params, buffers, x, *, training)` as a class.

So they are built, run and compared as any model is: what the functions are handed is the state of a module.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...written import HANDED, model_name


@dataclass(frozen=True)
class Functions:
    """One model's functions; `make` are those that give the first parameters and buffers, None where there are none."""

    name: str
    forward: Callable[..., Any]
    make: tuple[Callable[..., Any] | None, Callable[..., Any] | None]


def models_of_functions(names: Mapping[str, Any], torch: Any) -> dict[str, type[Any]]:
    """A module class for each model that a file writes as functions."""
    return {one.name: _class_of(one, torch) for one in _found(names)}


def _found(names: Mapping[str, Any]) -> Iterator[Functions]:
    for name, function in list(names.items()):
        if not (name == "forward" or name.endswith("_forward")) or not inspect.isfunction(function):
            continue
        taken = list(inspect.signature(function).parameters.values())
        by_name = {one.name for one in taken if one.kind is inspect.Parameter.KEYWORD_ONLY}
        if [one.name for one in taken[:2]] != list(HANDED) or "training" not in by_name:
            continue
        stem = name.removesuffix("forward")
        params, buffers = (names.get(f"{stem}init_{what}") for what in ("params", "buffers"))
        said = model_name(stem, (getattr(one, "__doc__", None) for one in (params, buffers)))
        yield Functions(said, function, (params, buffers))


def _class_of(functions: Functions, torch: Any) -> type[Any]:
    """A module that holds the state and hands it to the functions."""
    forward = functions.forward
    made = next((one for one in functions.make if one is not None), None)
    head = inspect.signature(made) if made is not None else inspect.Signature()
    taken = list(inspect.signature(forward).parameters.values())
    by_name = [one.name for one in taken if one.kind is inspect.Parameter.KEYWORD_ONLY]
    inputs = [one for one in taken[2:] if one.kind is not inspect.Parameter.KEYWORD_ONLY]
    first = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)

    def build(self: Any, *arguments: Any, **named: Any) -> None:
        torch.nn.Module.__init__(self)
        bound = head.bind(*arguments, **named)
        bound.apply_defaults()
        object.__setattr__(self, "handed", {name: bound.arguments[name] for name in by_name if name in bound.arguments})
        for make, register in zip(functions.make, (_add_parameter, _add_buffer), strict=True):
            for key, tensor in (make(*arguments, **named) if make is not None else {}).items():
                register(owner(self, key, torch), key.rpartition(".")[2], tensor, torch)

    def run(self: Any, *given: Any, **named: Any) -> Any:
        params = dict(self.named_parameters(remove_duplicate=False))
        buffers = dict(self.named_buffers(remove_duplicate=False))
        more = {"prefix": ""} if "prefix" in by_name else {}
        value = forward(params, buffers, *given, training=self.training, **more, **self.handed, **named)
        if _is_pair(value, buffers):
            value, buffers = value
        for key, tensor in buffers.items():
            owner(self, key, torch)._buffers[key.rpartition(".")[2]] = tensor
        return value

    build.__signature__ = head.replace(parameters=[first, *head.parameters.values()])  # type: ignore[attr-defined]
    run.__signature__ = inspect.Signature([first, *inputs])  # type: ignore[attr-defined]
    return type(
        functions.name, (torch.nn.Module,), {"__init__": build, "forward": run, "__module__": forward.__module__}
    )


def _is_pair(value: Any, buffers: Mapping[str, Any]) -> bool:
    """Whether a function gave buffers back beside its value."""
    if not (isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict)):
        return False
    return bool(buffers) and value[1].keys() == buffers.keys()


def _add_parameter(owner: Any, name: str, tensor: Any, torch: Any) -> None:
    owner.register_parameter(name, torch.nn.Parameter(tensor))


def _add_buffer(owner: Any, name: str, tensor: Any, torch: Any) -> None:
    owner.register_buffer(name, tensor)


def owner(module: Any, key: str, torch: Any) -> Any:
    """The module inside that a key leads to, made where it is not there yet."""
    for part in key.split(".")[:-1]:
        if part not in module._modules:
            module._modules[part] = torch.nn.Module()
        module = module._modules[part]
    return module
