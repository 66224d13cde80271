"""Reads what `torch.save` writes, without torch and without running anything that the file says.

A `.pt` file is a zip: a pickle that describes the objects, and one record of bytes per storage. A pickle is a program
that calls whatever it names; ours may name the few entries of `_KNOWN`, which build plain values, and nothing else.
"""

from __future__ import annotations

import io
import pickle
import pickletools
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from .tensors import SIZES, BadCheckpoint, Storage, Stored, checked

STORAGES = {
    "BoolStorage": "bool",
    "ByteStorage": "uint8",
    "CharStorage": "int8",
    "ShortStorage": "int16",
    "IntStorage": "int32",
    "LongStorage": "int64",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "FloatStorage": "float32",
    "DoubleStorage": "float64",
    "ComplexFloatStorage": "complex64",
    "ComplexDoubleStorage": "complex128",
}
"""torch's typed storages and the dtype of each; other dtypes lie in an UntypedStorage."""


@dataclass(frozen=True)
class Named:
    """A value that torch spells as a name of its own: a dtype, a device, a size."""

    path: str
    args: tuple[Any, ...] | None = None


class _Known:
    """What a pickle may name. It can be called, and nothing else can be done to it."""

    __slots__ = ("build", "path")
    build: Callable[..., Any]
    path: str

    def __init__(self, path: str, build: Callable[..., Any]) -> None:
        object.__setattr__(self, "path", path)
        object.__setattr__(self, "build", build)

    def __call__(self, *args: Any) -> Any:
        return self.build(*args)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise BadCheckpoint(f"its pickle tries to change {self.path}")

    def __setstate__(self, state: object) -> NoReturn:
        raise BadCheckpoint(f"its pickle tries to change {self.path}")


@dataclass(frozen=True)
class _Typed:
    """A storage and the dtype its type says; None for an untyped one."""

    storage: Storage
    dtype: str | None


def _rebuild(typed: _Typed, offset: int, size: Any, stride: Any, requires_grad: bool, *rest: Any) -> Stored:
    """`torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)`."""
    if not isinstance(typed, _Typed) or typed.dtype is None:
        raise BadCheckpoint("a tensor has no storage")
    return _placed(typed.storage, typed.dtype, offset, size, stride, requires_grad)


def _rebuild_untyped(
    typed: _Typed, offset: int, size: Any, stride: Any, requires_grad: bool, hooks: Any, dtype: Named, *rest: Any
) -> Stored:
    """`_rebuild_tensor_v3`, which says the dtype itself."""
    name = dtype.path.removeprefix("torch.")
    if not isinstance(typed, _Typed) or name not in SIZES:
        raise BadCheckpoint(f"a tensor is of {name}, a dtype that is not known here")
    return _placed(typed.storage, name, offset, size, stride, requires_grad)


def _placed(storage: Storage, dtype: str, offset: Any, size: Any, stride: Any, requires_grad: Any) -> Stored:
    shape = size.args[0] if isinstance(size, Named) and size.args else size
    numbers = (offset, *shape, *stride)
    if not all(type(number) is int for number in numbers):
        raise BadCheckpoint("a tensor has an impossible shape")
    return checked(Stored(storage, dtype, tuple(shape), tuple(stride), offset, bool(requires_grad)))


def _parameter(data: Any, requires_grad: bool, hooks: Any = None) -> Stored:
    if not isinstance(data, Stored):
        raise BadCheckpoint("a parameter has no tensor")
    return Stored(data.storage, data.dtype, data.shape, data.stride, data.offset, bool(requires_grad), parameter=True)


_KNOWN: dict[str, Callable[..., Any]] = {
    "torch._utils._rebuild_tensor_v2": _rebuild,
    "torch._utils._rebuild_tensor_v3": _rebuild_untyped,
    "torch._utils._rebuild_parameter": _parameter,
    "collections.OrderedDict": OrderedDict,
    "torch.Size": lambda sides: Named("torch.Size", (tuple(sides),)),
    "torch.device": lambda *args: Named("torch.device", args),
}


_OPCODES = set(
    """
    PROTO FRAME STOP MARK NONE NEWTRUE NEWFALSE BININT BININT1 BININT2 LONG1 BINFLOAT BINUNICODE SHORT_BINUNICODE
    EMPTY_LIST APPEND APPENDS EMPTY_DICT SETITEM SETITEMS EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3
    BINPUT LONG_BINPUT BINGET LONG_BINGET MEMOIZE GLOBAL STACK_GLOBAL REDUCE BUILD BINPERSID
    """.split()  # noqa: SIM905
)
"""What a pickle of plain values is written with; the rest of the language is not even started on."""


class _Reader(pickle.Unpickler):
    def __init__(self, archive: zipfile.ZipFile, root: str) -> None:
        content = _record(archive, f"{root}/data.pkl")
        strange = {opcode.name for opcode, _, _ in pickletools.genops(content)} - _OPCODES
        if strange:
            raise BadCheckpoint(f"its pickle uses {min(strange)}, which no plain checkpoint needs; it was not run")
        super().__init__(io.BytesIO(content))
        self._archive = archive
        self._root = root
        self._storages: dict[str, Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        path = f"{module}.{name}"
        if path in _KNOWN:
            return _Known(path, _KNOWN[path])
        if path == "torch.storage.UntypedStorage" or (module == "torch" and (name in STORAGES or name in SIZES)):
            return Named(path)
        raise BadCheckpoint(f"its pickle asks for {path}, which no plain checkpoint needs; it was not run")

    def persistent_load(self, pid: Any) -> _Typed:
        match pid:
            case ("storage", Named(path=path), str(key), str(device), int()):
                if key not in self._storages:
                    self._storages[key] = Storage(_record(self._archive, f"{self._root}/data/{key}"), device)
                return _Typed(self._storages[key], STORAGES.get(path.rpartition(".")[2]))
            case _:
                raise BadCheckpoint("its pickle names a record that no storage is")


def read_torch(raw: bytes) -> Any:
    """The objects of a `.pt` file: plain values with Stored in the tensors' places. Raises BadCheckpoint."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except Exception:  # a damaged zip raises errors of many kinds
        cure = "save it again with a torch of today: torch.save(torch.load(old, weights_only=True), new)"
        raise BadCheckpoint(f"is no zip as torch writes them; if it is older than torch 1.6, {cure}") from None
    with archive:
        pickles = [name for name in archive.namelist() if name.endswith("/data.pkl") and name.count("/") == 1]
        if len(pickles) != 1 or f"{pickles[0][:-9]}/constants.pkl" in archive.namelist():
            raise BadCheckpoint("is a zip, but not one that torch.save writes")
        root = pickles[0][: -len("/data.pkl")]
        if f"{root}/byteorder" in archive.namelist() and _record(archive, f"{root}/byteorder") != b"little":
            raise BadCheckpoint("was written on a big-endian machine")
        try:
            return _Reader(archive, root).load()
        except BadCheckpoint:
            raise
        except Exception as error:  # whatever a pickle made to confuse can raise
            raise BadCheckpoint(f"its pickle cannot be read ({type(error).__name__})") from None


def _record(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        entry = archive.getinfo(name)
        if entry.compress_type != zipfile.ZIP_STORED:
            raise BadCheckpoint("is compressed, which torch.save never does")
        return archive.read(entry)
    except BadCheckpoint:
        raise
    except Exception:  # a damaged zip raises errors of many kinds
        raise BadCheckpoint(f"its record {name} is missing or damaged") from None
