"""Writes what `torch.load(weights_only=True)` reads: a zip with a pickle and one record per storage."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
from collections import OrderedDict
from typing import Any

from .tensors import SIZES, BadCheckpoint, Storage, Stored
from .torch_zip import STORAGES, Named

_ROOT = "archive"
_ALIGNMENT = 64
_TYPES = {dtype: name for name, dtype in STORAGES.items()}


def write_torch(root: Any) -> bytes:
    """The bytes of a `.pt` file that holds these objects."""
    writer = _Writer()
    try:
        writer.save(root)
    except RecursionError:
        raise BadCheckpoint("its objects are nested too deeply") from None
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        _add(archive, "data.pkl", pickle.PROTO + b"\x02" + bytes(writer.out) + pickle.STOP)
        _add(archive, "byteorder", b"little")
        for key, storage in enumerate(writer.storages):
            _add(archive, f"data/{key}", storage.data)
        _add(archive, "version", b"3\n")
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """One record, its bytes at a multiple of 64, so that torch may map them into memory."""
    entry = zipfile.ZipInfo(f"{_ROOT}/{name}")
    assert archive.fp is not None
    start = archive.fp.tell() + 30 + len(entry.filename) + 4
    padding = -start % _ALIGNMENT
    entry.extra = b"FB" + padding.to_bytes(2, "little") + b"Z" * padding
    archive.writestr(entry, content)


class _Writer:
    """Objects → pickle opcodes of protocol 2, the ones that torch's own safe reader knows."""

    def __init__(self) -> None:
        self.out = bytearray()
        self.storages: dict[Storage, int] = {}
        self._memo: dict[int, tuple[int, object]] = {}

    def save(self, value: Any) -> None:
        """Add what builds one value."""
        match value:
            case None:
                self.out += pickle.NONE
            case bool():
                self.out += pickle.NEWTRUE if value else pickle.NEWFALSE
            case int():
                self._int(value)
            case float():
                self.out += pickle.BINFLOAT + struct.pack(">d", value)
            case str():
                self._text(value)
            case Stored():
                self._tensor(value)
            case Named(path=path, args=args):
                self._global(path)
                if args is not None:
                    self._tuple(args)
                    self.out += pickle.REDUCE
            case tuple():
                self._tuple(value)
            case list() | dict():
                self._container(value)
            case _:
                raise BadCheckpoint(f"holds a {type(value).__name__}, which is not written to a checkpoint here")

    def _int(self, value: int) -> None:
        if 0 <= value < 256:
            self.out += pickle.BININT1 + bytes([value])
        elif -(2**31) <= value < 2**31:
            self.out += pickle.BININT + struct.pack("<i", value)
        else:
            content = pickle.encode_long(value)
            if len(content) > 255:
                raise BadCheckpoint("holds an integer beyond measure")
            self.out += pickle.LONG1 + bytes([len(content)]) + content

    def _text(self, value: str) -> None:
        content = value.encode("utf-8", "surrogatepass")
        self.out += pickle.BINUNICODE + struct.pack("<I", len(content)) + content

    def _global(self, path: str) -> None:
        module, _, name = path.rpartition(".")
        self.out += pickle.GLOBAL + f"{module}\n{name}\n".encode()

    def _tuple(self, values: tuple[Any, ...]) -> None:
        if not values:
            self.out += pickle.EMPTY_TUPLE
            return
        self.out += pickle.MARK
        for value in values:
            self.save(value)
        self.out += pickle.TUPLE

    def _container(self, value: list[Any] | dict[Any, Any]) -> None:
        """A list or dict; one that is met again is the same object again."""
        if id(value) in self._memo:
            self.out += pickle.LONG_BINGET + struct.pack("<I", self._memo[id(value)][0])
            return
        if isinstance(value, OrderedDict):
            self._global("collections.OrderedDict")
            self.out += pickle.EMPTY_TUPLE + pickle.REDUCE
        else:
            self.out += pickle.EMPTY_LIST if isinstance(value, list) else pickle.EMPTY_DICT
        self._memo[id(value)] = len(self._memo), value
        self.out += pickle.LONG_BINPUT + struct.pack("<I", self._memo[id(value)][0]) + pickle.MARK
        if isinstance(value, list):
            for item in value:
                self.save(item)
            self.out += pickle.APPENDS
            return
        for key, item in value.items():
            self.save(key)
            self.save(item)
        self.out += pickle.SETITEMS
        if isinstance(value, OrderedDict) and vars(value):
            self.save(dict(vars(value)))  # a state_dict's _metadata
            self.out += pickle.BUILD

    def _tensor(self, value: Stored) -> None:
        if value.parameter:
            self._global("torch._utils._rebuild_parameter")
            self.out += pickle.MARK
        typed = _TYPES.get(value.dtype)
        self._global("torch._utils._rebuild_tensor_v2" if typed else "torch._utils._rebuild_tensor_v3")
        self.out += pickle.MARK
        key = self.storages.setdefault(value.storage, len(self.storages))
        count = len(value.storage.data) // (SIZES[value.dtype] if typed else 1)
        kind = Named(f"torch.{typed}" if typed else "torch.storage.UntypedStorage")
        self.save(("storage", kind, str(key), value.storage.device, count))
        self.out += pickle.BINPERSID
        grad = value.requires_grad and not value.parameter
        parts: tuple[Any, ...] = (value.offset, value.shape, value.stride, grad, OrderedDict())
        for part in parts:
            self.save(part)
        if not typed:
            self.save(Named(f"torch.{value.dtype}"))
        self.out += pickle.TUPLE + pickle.REDUCE
        if value.parameter:
            self.save(value.requires_grad)
            self.save(OrderedDict())
            self.out += pickle.TUPLE + pickle.REDUCE
