"""The npz format: a zip of npy files, each a header and the array's bytes."""

from __future__ import annotations

import ast
import io
import zipfile
from collections.abc import Mapping
from math import prod

from .tensors import SIZES, BadCheckpoint, Stored, contiguous, tensor

_DESCRIPTIONS = {
    "bool": "|b1",
    "uint8": "|u1",
    "int8": "|i1",
    "int16": "<i2",
    "uint16": "<u2",
    "int32": "<i4",
    "uint32": "<u4",
    "int64": "<i8",
    "uint64": "<u8",
    "float16": "<f2",
    "float32": "<f4",
    "float64": "<f8",
    "complex64": "<c8",
    "complex128": "<c16",
}
_DTYPES = {theirs: ours for ours, theirs in _DESCRIPTIONS.items()}
_MAGIC = b"\x93NUMPY"


def read_npz(raw: bytes) -> dict[str, Stored]:
    """The arrays of a file. Raises BadCheckpoint, also for arrays of Python objects, which are pickles."""
    found: dict[str, Stored] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for entry in archive.infolist():
                with archive.open(entry) as file:
                    found[entry.filename.removesuffix(".npy")] = _read_npy(file.read, entry.filename, entry.file_size)
    except BadCheckpoint:
        raise
    except Exception:  # a damaged zip raises errors of many kinds
        raise BadCheckpoint("is not an npz file, or is damaged") from None
    return found


def write_npz(tensors: Mapping[str, Stored]) -> bytes:
    """The bytes of a file with these tensors. Raises BadCheckpoint for a dtype that numpy does not have."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, stored in tensors.items():
            if stored.dtype not in _DESCRIPTIONS:
                raise BadCheckpoint(f"{name} is of {stored.dtype}, which numpy does not have")
            described = {"descr": _DESCRIPTIONS[stored.dtype], "fortran_order": False, "shape": stored.shape}
            text = repr(described).encode("ascii")
            text += b" " * (-(len(_MAGIC) + 4 + len(text) + 1) % 64) + b"\n"
            content = _MAGIC + b"\x01\x00" + len(text).to_bytes(2, "little") + text + stored.content()
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), content)
    return buffer.getvalue()


def _read_npy(read: object, name: str, size: int) -> Stored:
    assert callable(read)
    head: bytes = read(8)
    wide = 2 if head[6:7] == b"\x01" else 4
    length = int.from_bytes(read(wide), "little")
    if head[:6] != _MAGIC or length > min(size, 1 << 20):
        raise BadCheckpoint(f"{name} is not an npy file")
    try:
        described = ast.literal_eval(read(length).decode("utf-8").strip())
        description, turned, shape = described["descr"], described["fortran_order"], tuple(described["shape"])
        if any(type(side) is not int or side < 0 for side in shape):
            raise ValueError(shape)
    except (ValueError, KeyError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise BadCheckpoint(f"{name} has no header that numpy writes") from None
    dtype = _DTYPES.get(description) if isinstance(description, str) else None
    if dtype is None:
        raise BadCheckpoint(f"{name} is an array of {description!r}, which is no plain tensor")
    content: bytes = read(prod(shape) * SIZES[dtype] + 1)
    if not turned:
        return tensor(content, dtype, shape)
    flipped = tensor(content, dtype, shape[::-1])
    return Stored(flipped.storage, dtype, shape, contiguous(shape[::-1])[::-1])
