"""A stored tensor: bytes, a dtype by name, and how the elements lie in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Literal


class BadCheckpoint(Exception):
    """A checkpoint that cannot be read, carried over or written, and why, in one line."""


SIZES = {
    "bool": 1,
    "uint8": 1,
    "int8": 1,
    "int16": 2,
    "uint16": 2,
    "int32": 4,
    "uint32": 4,
    "int64": 8,
    "uint64": 8,
    "float8_e4m3fn": 1,
    "float8_e4m3fnuz": 1,
    "float8_e5m2": 1,
    "float8_e5m2fnuz": 1,
    "float8_e8m0fnu": 1,
    "float16": 2,
    "bfloat16": 2,
    "float32": 4,
    "float64": 8,
    "complex64": 8,
    "complex128": 16,
}
"""The bytes of one element, by torch's name of the dtype."""


@dataclass(frozen=True, eq=False)
class Storage:
    """A run of bytes that tensors may share. Two storages are the same only if they are one object."""

    data: bytes
    device: str = "cpu"


@dataclass(frozen=True, eq=False)
class Stored:
    """One tensor in a storage; `offset` and `stride` count elements. `parameter`: it was saved as an nn.Parameter."""

    storage: Storage
    dtype: str
    shape: tuple[int, ...]
    stride: tuple[int, ...]
    offset: int = 0
    requires_grad: bool = False
    parameter: bool = False

    @property
    def place(self) -> tuple[int, int, tuple[int, ...], tuple[int, ...]]:
        """What two names of one tensor have in common."""
        return id(self.storage), self.offset, self.shape, self.stride

    def content(self) -> bytes:
        """The elements in row-major order."""
        size = SIZES[self.dtype]
        if self.stride == contiguous(self.shape) or prod(self.shape) <= 1:
            start = self.offset * size
            return self.storage.data[start : start + prod(self.shape) * size]
        order = sorted(range(len(self.shape)), key=lambda axis: -self.stride[axis])
        packed = contiguous(tuple(self.shape[axis] for axis in order))
        if len(order) == 2 and tuple(self.stride[axis] for axis in order) == packed:
            start = self.offset * size
            rows = self.storage.data[start : start + prod(self.shape) * size]
            return _turned(rows, self.shape[1], self.shape[0], size)
        return b"".join(self._rows(0, self.offset))

    def transposed(self) -> Stored:
        """The matrix with rows and columns exchanged, in bytes of its own."""
        if len(self.shape) != 2:
            raise BadCheckpoint(f"only a matrix can be transposed, not a tensor of shape {list(self.shape)}")
        rows, columns = self.shape
        storage = Storage(_turned(self.content(), rows, columns, SIZES[self.dtype]), self.storage.device)
        shape = (columns, rows)
        return replace(self, storage=storage, shape=shape, stride=contiguous(shape), offset=0)

    def _rows(self, axis: int, start: int) -> list[bytes]:
        size = SIZES[self.dtype]
        if axis == len(self.shape):
            return [self.storage.data[start * size : (start + 1) * size]]
        steps = range(self.shape[axis])
        return [piece for step in steps for piece in self._rows(axis + 1, start + step * self.stride[axis])]


def tensor(data: bytes, dtype: str, shape: tuple[int, ...]) -> Stored:
    """A tensor that fills bytes of its own. Raises BadCheckpoint where their number does not fit."""
    if len(data) != prod(shape) * SIZES[dtype]:
        raise BadCheckpoint(f"{len(data)} bytes cannot hold a tensor of {dtype} and shape {list(shape)}")
    return Stored(Storage(data), dtype, shape, contiguous(shape))


def checked(stored: Stored) -> Stored:
    """The tensor itself, if all its elements lie inside its storage."""
    if len(stored.shape) != len(stored.stride) or min((stored.offset, *stored.shape, *stored.stride), default=0) < 0:
        raise BadCheckpoint("a tensor has an impossible shape")
    last = stored.offset + sum((side - 1) * step for side, step in zip(stored.shape, stored.stride, strict=True))
    if prod(stored.shape) and (last + 1) * SIZES[stored.dtype] > len(stored.storage.data):
        raise BadCheckpoint("a tensor reaches beyond its stored bytes")
    if prod(stored.shape) * SIZES[stored.dtype] > max(len(stored.storage.data), 1) << 10:
        raise BadCheckpoint("a tensor repeats its few stored bytes beyond measure")
    return stored


def contiguous(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides of a tensor whose elements lie in row-major order."""
    strides: list[int] = []
    step = 1
    for side in reversed(shape):
        strides.append(step)
        step *= max(side, 1)
    return tuple(reversed(strides))


def _turned(data: bytes, rows: int, columns: int, size: int) -> bytes:
    """A row-major matrix of elements of `size` bytes, turned."""
    if size == 16:  # no memoryview has items of 16 bytes
        wide = [data[at : at + 16] for at in range(0, len(data), 16)]
        return b"".join(item for column in range(columns) for item in wide[column::columns])
    items: Mapping[int, Literal["B", "H", "I", "Q"]] = {1: "B", 2: "H", 4: "I", 8: "Q"}
    view = memoryview(data).cast(items[size])
    return b"".join(view[column::columns].tobytes() for column in range(columns)) if rows else b""
