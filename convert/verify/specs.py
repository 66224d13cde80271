"""Descriptions of inputs: a tensor to be drawn, a literal, or a list, tuple or dict of such.

`{"dtype": "float32", "shape": [2, 3]}` · `{"literal": 0.5}` · `{"items": [...], "as": "tuple"}` · and for a dict
`{"items": [...], "keys": ["image", "mask"]}`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Spec = dict[str, Any]


def tensor_specs(spec: Spec) -> Iterator[Spec]:
    """The tensors of a description, in order."""
    if "items" in spec:
        for one in spec["items"]:
            yield from tensor_specs(one)
    elif "literal" not in spec:
        yield spec


def changed(spec: Spec, change: Callable[[Spec], Spec]) -> Spec:
    """The description with each of its tensors changed."""
    if "items" in spec:
        return {**spec, "items": [changed(one, change) for one in spec["items"]]}
    return spec if "literal" in spec else change(spec)


def assembled(spec: Spec, make: Callable[[Spec, str], Any], name: str) -> Any:
    """What a description stands for; `make` gives a tensor or a literal, by a name that no other has."""
    if "items" not in spec:
        return make(spec, name)
    values = [assembled(one, make, f"{name}.{index}") for index, one in enumerate(spec["items"])]
    if "keys" in spec:
        return dict(zip(spec["keys"], values, strict=True))
    return tuple(values) if spec["as"] == "tuple" else values
