"""`torch.compiler` and `torch._dynamo` where nothing is compiled: decorators that change nothing, questions with no."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from .missing import refusing
from .settings import compile as compile

config = SimpleNamespace()
"""Settings that are kept and change nothing."""


def _as_it_is(fn: Any = None, *args: Any, **options: Any) -> Any:
    """Decorator, with or without arguments: the function as it is."""
    return fn if callable(fn) else lambda function: function


disable = allow_in_graph = assume_constant_result = nested_compile_region = disallow_in_graph = _as_it_is
forbid_in_graph = substitute_in_graph = skip = optimize = _as_it_is


def is_compiling() -> bool:
    """False."""
    return False


is_dynamo_compiling = is_exporting = is_compiling


def _nothing(*args: Any, **options: Any) -> None:
    """Nothing to do."""


reset = cudagraph_mark_step_begin = graph_break = mark_static_address = mark_dynamic = mark_static = _nothing
maybe_mark_dynamic = set_default_backend = mark_unbacked = _nothing


def list_backends(*args: Any, **options: Any) -> list[str]:
    """Empty."""
    return []


class set_stance:
    """Decorator or context manager that changes nothing."""

    def __init__(self, *args: Any, **options: Any) -> None:
        pass

    def __call__(self, fn: Callable[..., Any]) -> Callable[..., Any]:
        return fn

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        pass


class OptimizedModule:
    """What torch.compile makes of a module, elsewhere: nothing is an instance of it here."""


eval_frame = SimpleNamespace(OptimizedModule=OptimizedModule)


@contextmanager
def _patched(*args: Any, **options: Any) -> Iterator[None]:
    yield


config.patch = _patched

__getattr__ = refusing("torch.compiler")
