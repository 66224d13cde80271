"""A checkpoint file of any of the known formats, told by its ending."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .npz import read_npz, write_npz
from .safetensors import read_safetensors, write_safetensors
from .tensors import BadCheckpoint, Stored
from .torch_write import write_torch
from .torch_zip import read_torch

ENDINGS = (".safetensors", ".npz", ".pt", ".pth", ".ckpt", ".bin")
_TORCH = ENDINGS[2:]


@dataclass(frozen=True)
class Checkpoint:
    """What a file holds: tensors by name, or for torch's own format any plain objects around such."""

    root: Any
    metadata: dict[str, str] = field(default_factory=dict)


def ending_of(path: Path) -> str:
    """The known ending of a path. Raises BadCheckpoint for any other."""
    if path.suffix.lower() not in ENDINGS:
        raise BadCheckpoint(f"{path}: is none of {', '.join(ENDINGS)}")
    return path.suffix.lower()


def read_checkpoint(raw: bytes, ending: str) -> Checkpoint:
    """Read the bytes of a file with this ending. Raises BadCheckpoint."""
    if ending == ".safetensors":
        return Checkpoint(*read_safetensors(raw))
    if ending == ".npz":
        return Checkpoint(read_npz(raw))
    return Checkpoint(read_torch(raw))


def write_checkpoint(checkpoint: Checkpoint, ending: str) -> bytes:
    """The bytes of a file with this ending. Raises BadCheckpoint where the format cannot hold it."""
    if ending in _TORCH:
        return write_torch(checkpoint.root)
    root = checkpoint.root
    if not (isinstance(root, dict) and all(isinstance(value, Stored) for value in root.values())):
        raise BadCheckpoint(f"holds more than named tensors, which a {ending} file cannot; write a .pt file")
    return write_npz(root) if ending == ".npz" else write_safetensors(root, checkpoint.metadata)
