"""Names that torch has for memory: layouts and memory formats. Only dense, row-major memory is behind them here."""

from __future__ import annotations

from typing import Any


class _Named:
    """A constant that prints as torch's: `torch.strided`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.name,)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, _Named) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


class layout(_Named):  # torch's name
    """`torch.strided` and the sparse layouts."""

    __slots__ = ()


class memory_format(_Named):  # torch's name
    """`torch.contiguous_format`, `torch.preserve_format`, `torch.channels_last`, `torch.channels_last_3d`."""

    __slots__ = ()


strided = layout("strided")
contiguous_format, preserve_format = memory_format("contiguous_format"), memory_format("preserve_format")
legacy_contiguous_format = contiguous_format
channels_last, channels_last_3d = memory_format("channels_last"), memory_format("channels_last_3d")
