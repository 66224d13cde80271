"""Padding that a module does before it calls its function: `padding_mode='circular'` becomes an F.pad of the input."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from ..recognise.calls import Construction
from ..source import Source


@dataclass(frozen=True)
class Padding:
    """The last arguments of the F.pad: sizes from the last axis backwards, two for each, and the mode."""

    sizes: tuple[int, ...]
    mode: str

    def written(self, pad: str, data: str) -> str:
        """The call as text, `pad` being the name of the function."""
        return f"{pad}({data}, {self.sizes!r}, mode={self.mode!r})"


def explicit_padding(source: Source, built: Construction) -> Padding | None:
    """The padding that the layer does itself; None where it does none, or where the text does not tell its sizes."""
    mode = _literal(source, built, "padding_mode") if built.pair.padding_modes else None
    if mode not in built.pair.padding_modes:
        return None
    given, rank = _literal(source, built, "padding"), built.pair.spatial
    if given == "valid":
        return Padding((0,) * (2 * rank), mode)
    if given == "same":
        sizes = [
            _same(*pair)
            for pair in zip(*(_per_axis(source, built, n) for n in ("dilation", "kernel_size")), strict=True)
        ]
    else:
        sizes = [(size, size) for size in _per_axis(source, built, "padding")]
    if len(sizes) != rank:
        return None
    return Padding(tuple(size for both in reversed(sizes) for size in both), mode)


def _same(dilation: int, kernel: int) -> tuple[int, int]:
    total = dilation * (kernel - 1)
    return total // 2, total - total // 2


def _per_axis(source: Source, built: Construction, name: str) -> list[int]:
    """A size for every axis; none where they do not stand in the text."""
    value, rank = _literal(source, built, name), built.pair.spatial
    sizes = list(value) * (rank if len(value) == 1 else 1) if isinstance(value, (tuple, list)) else [value] * rank
    return sizes if all(type(size) is int for size in sizes) else []


def _literal(source: Source, built: Construction, name: str) -> Any:
    text = source.says(built.args[name]) if name in built.args else built.pair.module_signature.default(name)
    try:
        return ast.literal_eval(str(text))
    except (ValueError, SyntaxError):
        return None
