"""The safetensors format: eight bytes of length, a JSON header, and the tensors' bytes one after the other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .tensors import SIZES, BadCheckpoint, Stored, tensor

NAMES = {
    "bool": "BOOL",
    "uint8": "U8",
    "int8": "I8",
    "int16": "I16",
    "uint16": "U16",
    "int32": "I32",
    "uint32": "U32",
    "int64": "I64",
    "uint64": "U64",
    "float8_e4m3fn": "F8_E4M3",
    "float8_e5m2": "F8_E5M2",
    "float8_e8m0fnu": "F8_E8M0",
    "float16": "F16",
    "bfloat16": "BF16",
    "float32": "F32",
    "float64": "F64",
    "complex64": "C64",
}
_DTYPES = {theirs: ours for ours, theirs in NAMES.items()}
_MAX_HEADER = 100_000_000  # the format's own limit


def read_safetensors(raw: bytes) -> tuple[dict[str, Stored], dict[str, str]]:
    """The tensors of a file in the order of its bytes, and its metadata. Raises BadCheckpoint."""
    length = int.from_bytes(raw[:8], "little")
    if len(raw) < 8 or length > min(len(raw) - 8, _MAX_HEADER):
        raise BadCheckpoint("is not a safetensors file, or is cut short")
    try:
        header = json.loads(raw[8 : 8 + length])
        metadata = header.pop("__metadata__", {})
        entries = {name: _entry(row) for name, row in header.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadCheckpoint("its header is not that of a safetensors file") from None
    data = raw[8 + length :]
    found: dict[str, Stored] = {}
    position = 0
    for name, (dtype, shape, start, stop) in sorted(entries.items(), key=lambda item: item[1][2:]):
        if start != position or not start <= stop <= len(data):
            raise BadCheckpoint(f"the bytes of {name} are not where the header of a safetensors file puts them")
        found[name] = tensor(data[start:stop], dtype, shape)
        position = stop
    if position != len(data):
        raise BadCheckpoint("has bytes that belong to no tensor")
    return found, metadata


def write_safetensors(tensors: Mapping[str, Stored], metadata: Mapping[str, str]) -> bytes:
    """The bytes of a file with these tensors. Raises BadCheckpoint for a dtype that the format does not have."""
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    pieces: list[bytes] = []
    position = 0
    # As the format's own library writes them: wide dtypes first, so that every tensor is aligned.
    for name, stored in sorted(tensors.items(), key=lambda item: (-SIZES[item[1].dtype], item[0])):
        if stored.dtype not in NAMES:
            raise BadCheckpoint(f"{name} is of {stored.dtype}, which the safetensors format does not have")
        content = stored.content()
        header[name] = {
            "dtype": NAMES[stored.dtype],
            "shape": list(stored.shape),
            "data_offsets": [position, position + len(content)],
        }
        pieces.append(content)
        position += len(content)
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([len(text).to_bytes(8, "little"), text, *pieces])


def _entry(row: Mapping[str, Any]) -> tuple[str, tuple[int, ...], int, int]:
    start, stop = row["data_offsets"]
    sides = (*row["shape"], start, stop)
    if any(type(side) is not int or side < 0 for side in sides):
        raise ValueError(row)
    if row["dtype"] not in _DTYPES:
        raise BadCheckpoint(f"has a tensor of {row['dtype']}, a dtype that is not known here")
    return _DTYPES[row["dtype"]], tuple(row["shape"]), start, stop
