"""`torch.jit` as pass-through: what is scripted or traced stays the Python that it is."""

from __future__ import annotations

from typing import Any, TypeVar
from typing import Final as Final  # annotates attributes that do not change: `scale: torch.jit.Final[float]`

from .missing import refusing

T = TypeVar("T")


def script(obj: T, **options: Any) -> T:
    """The function, class or module as it is."""
    return obj


def trace(func: T, example_inputs: Any = None, **options: Any) -> T:
    """The function or module as it is; it is not run."""
    return func


def ignore(drop: Any = False, **options: Any) -> Any:
    """Decorator, with or without arguments: the function as it is."""
    return drop if callable(drop) else lambda function: function


def unused(fn: T) -> T:
    """Decorator: the function as it is."""
    return fn


def export(fn: T) -> T:
    """Decorator: the function as it is."""
    return fn


def _overload_method(func: T) -> T:
    """Decorator of another signature of a method, which the next definition replaces: the function as it is."""
    return func


def interface(obj: T) -> T:
    """Decorator: the class as it is."""
    return obj


def script_if_tracing(fn: T) -> T:
    """Decorator: the function as it is."""
    return fn


_script_if_tracing = script_if_tracing


def is_scripting() -> bool:
    """False."""
    return False


def is_tracing() -> bool:
    """False."""
    return False


def annotate(the_type: Any, the_value: T) -> T:
    """The value."""
    return the_value


__getattr__ = refusing("torch.jit")
