"""`torch.func`: calling a module with other parameters than its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .missing import refusing
from .nn.module import Module
from .tensor import Tensor


def functional_call(
    module: Module,
    parameter_and_buffer_dicts: Any,
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """`module(*args, **kwargs)` with the given tensors in the place of its own, which come back afterwards.

    Names that share a tensor share the given one (`tie_weights`). ValueError for a name given twice; with `strict`
    RuntimeError for unknown and missing names.
    """
    several = isinstance(parameter_and_buffer_dicts, (list, tuple))
    given: dict[str, Tensor] = {}
    for one in parameter_and_buffer_dicts if several else [parameter_and_buffer_dicts]:
        repeated = sorted(given.keys() & one.keys())
        if repeated:
            raise ValueError(f"{repeated} appeared in multiple dictionaries; behavior of functional call is ambiguous")
        given |= one
    arguments = () if args is None else args if isinstance(args, tuple) else (args,)
    with _replaced(module, given, tie_weights, strict):
        return module(*arguments, **(kwargs or {}))


@contextmanager
def _replaced(module: Module, given: Mapping[str, Tensor], tie: bool, strict: bool) -> Iterator[None]:
    own = dict(_places(module))
    unknown = [name for name in given if name not in own]
    missing = [name for name in own if name not in given]
    if strict and (unknown or missing):
        raise RuntimeError(f"Unexpected key(s): {', '.join(unknown)}. Missing key(s): {', '.join(missing)}.")
    wanted = {name: value for name, value in given.items() if name in own}
    if tie:
        by_tensor = {id(own[name][0][own[name][1]]): value for name, value in wanted.items()}
        for name, (table, key) in own.items():
            if name not in wanted and id(table[key]) in by_tensor:
                wanted[name] = by_tensor[id(table[key])]
    before = [(*own[name], own[name][0][own[name][1]]) for name in wanted]
    try:
        for name, value in wanted.items():
            table, key = own[name]
            table[key] = value
        yield
    finally:
        for table, key, value in before:
            table[key] = value


def _places(module: Module) -> Iterator[tuple[str, tuple[dict[str, Any], str]]]:
    """Full name → the dict and the key where a parameter or buffer is kept."""
    for prefix, part in module.named_modules(remove_duplicate=False):
        for table in (part._parameters, part._buffers):
            for key, value in table.items():
                if value is not None:
                    yield f"{prefix}.{key}".lstrip("."), (table, key)


__getattr__ = refusing("torch.func")
