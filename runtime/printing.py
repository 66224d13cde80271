"""How tensors print: torch's column widths, scientific notation, summary of large ones, and the suffixes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from . import dtypes
from .array import Array
from .tensor import Tensor


@dataclass(frozen=True)
class Options:
    """torch.set_printoptions."""

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


_PROFILES = {
    "default": Options(),
    "short": Options(precision=2, edgeitems=2),
    "full": Options(threshold=math.inf),
}
_options = Options()


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Sets how tensors print; None leaves an option as it is, `profile` ('default', 'short', 'full') sets all."""
    global _options  # noqa: PLW0603 - torch keeps it per process too
    given = {"precision": precision, "threshold": threshold, "edgeitems": edgeitems, "linewidth": linewidth}
    start = _options if profile is None else _PROFILES[profile]
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    _options = replace(start, **changes, sci_mode=sci_mode)


class _Column:
    """The width and notation that all elements of one tensor share."""

    def __init__(self, values: Array) -> None:
        self.kind = values.dtype.kind
        self.sci, self.whole = False, True
        self.width = 1
        if self.kind != "f":
            self.width = max((len(self.plain(value)) for value in values.tolist()), default=1)
            return
        there = np.isfinite(values) & (values != 0)  # nan, inf and zeros have no say in torch
        sizes = np.abs(values[there].astype(np.float64))
        if sizes.size:
            largest, smallest = sizes.max(), sizes.min()
            self.whole = bool((sizes == np.ceil(sizes)).all())
            spread = largest / smallest > 1000.0 or largest > 1.0e8
            self.sci = bool(spread or (not self.whole and smallest < 1.0e-4))
        if _options.sci_mode is not None:
            self.sci = _options.sci_mode
        self.width = max((len(self.plain(value)) for value in values[there].tolist()), default=1)

    def plain(self, value: Any) -> str:
        """The element without padding."""
        if self.kind != "f":
            return str(value)
        if not math.isfinite(value):
            return str(value)
        if self.sci:
            return f"{value:.{_options.precision}e}"
        return f"{value:.0f}." if self.whole else f"{value:.{_options.precision}f}"

    def __call__(self, value: Any) -> str:
        return self.plain(value).rjust(self.width)


class _ComplexColumn:
    """Real and imaginary parts, each in a column of its own."""

    def __init__(self, values: Array) -> None:
        self.real, self.imag = _Column(values.real), _Column(values.imag)
        self.width = self.real.width + self.imag.width + 1

    def __call__(self, value: complex) -> str:
        imag = self.imag.plain(value.imag)
        return self.real(value.real) + (imag if imag.startswith("-") else "+" + imag) + "j"


def _edges(values: Array) -> Array:
    """The elements that are shown of a large array."""
    keep = _options.edgeitems
    for axis in range(values.ndim):
        if values.shape[axis] > 2 * keep:
            shown = np.r_[0:keep, values.shape[axis] - keep : values.shape[axis]]
            values = values.take(shown, axis=axis)
    return values


def _numbers(values: Array, indent: int, column: Any, summary: bool) -> str:
    if values.ndim == 0:
        return str(column(values.item()))
    keep = _options.edgeitems
    cut = summary and values.shape[0] > 2 * keep
    if values.ndim > 1:
        rows = list(values[:keep]) + list(values[-keep:]) if cut else list(values)
        parts = [_numbers(row, indent + 1, column, summary) for row in rows]
        if cut:
            parts.insert(keep, "...")
        return "[" + ("," + "\n" * (values.ndim - 1) + " " * (indent + 1)).join(parts) + "]"
    listed = values.tolist()
    texts = [column(x) for x in (listed[:keep] + listed[-keep:] if cut else listed)]
    if cut:
        texts.insert(keep, " ...")
    per_line = max(1, (_options.linewidth - indent) // (column.width + 2))
    lines = [", ".join(texts[start : start + per_line]) for start in range(0, len(texts), per_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"


def _suffixes(self: Tensor) -> list[str]:
    default = dtypes.get_default_dtype()
    found = []
    if self.array.size == 0 and self.array.ndim != 1:
        found.append(f"size={tuple(self.array.shape)}")
    usual = (default,) if self.array.size == 0 else (default, default.to_complex(), dtypes.int64, dtypes.bool_)
    if self.dtype not in usual:
        found.append(f"dtype={self.dtype!r}")
    node = self.node
    if node is not None:
        found.append(f"grad_fn=<{node.name()}>")
    elif self.requires_grad:
        found.append("requires_grad=True")
    return found


def text_of(self: Tensor) -> str:
    """`repr(tensor)` as torch prints it."""
    prefix = "tensor("
    values = self.array
    if self.device.type == "meta":
        kind = [] if self.dtype is dtypes.get_default_dtype() else [f"dtype={self.dtype!r}"]
        rest = [one for one in _suffixes(self) if not one.startswith(("size=", "dtype="))]
        return prefix + ", ".join(["...", "device='meta'", f"size={tuple(values.shape)}", *kind, *rest]) + ")"
    summary = values.size > _options.threshold
    if values.size:
        shown = (_edges(values) if summary else values).reshape(-1)
        column = _ComplexColumn(shown) if values.dtype.kind == "c" else _Column(shown)
        text = prefix + _numbers(values, len(prefix), column, summary)
    else:
        text = prefix + "[]"
    last = len(text) - text.rfind("\n") + 1
    for suffix in _suffixes(self):
        if last + len(suffix) + 2 > _options.linewidth:
            text += ",\n" + " " * len(prefix) + suffix
            last = len(prefix) + len(suffix)
        else:
            text += ", " + suffix
            last += len(suffix) + 2
    return text + ")"
