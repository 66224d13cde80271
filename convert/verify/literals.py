"""Python literals on their way over the private channel, on which JSON would make lists of tuples and text of keys."""

from __future__ import annotations

from typing import Any

_PLAIN = (bool, int, float, str, type(None))


def packed(value: Any) -> Any:
    """What JSON carries of numbers, text, None, and tuples, lists, sets and dicts of them. TypeError for the rest.

    `(2, [3])` → `{"tuple": [2, {"list": [3]}]}`.
    """
    if type(value) in _PLAIN:
        return value
    if type(value) in (tuple, list, set, frozenset):
        return {type(value).__name__: [packed(one) for one in value]}
    if type(value) is dict:
        return {"dict": [[packed(key), packed(one)] for key, one in value.items()]}
    if type(value) is complex:
        return {"complex": [value.real, value.imag]}
    raise TypeError(f"{type(value).__name__} is no literal")


def unpacked(value: Any) -> Any:
    """What `packed` was given, made anew."""
    if not isinstance(value, dict):
        return value
    ((kind, parts),) = value.items()
    if kind == "dict":
        return {unpacked(key): unpacked(one) for key, one in parts}
    if kind == "complex":
        return complex(*parts)
    kinds: dict[str, Any] = {"tuple": tuple, "list": list, "set": set, "frozenset": frozenset}
    return kinds[kind](unpacked(one) for one in parts)
