"""`torch.save` and `torch.load` in torch's zip format: state dicts that real torch reads, and the other way round.

An archive holds `data.pkl`, a pickle in which tensors name their storages, and one file of bytes per storage. Loading
knows a short list of names, torch's `weights_only`, and never runs code that a pickle asks for, whatever is passed.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from collections import Counter, OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, cast

import numpy as np

from . import dtypes
from .array import Array, owner
from .device import device
from .missing import refusing
from .nn.parameter import Parameter
from .ops.memory import stride
from .size import Size
from .tensor import Tensor, wrap

_STORAGES = {f"{one.legacy}Storage": one for one in dtypes.ALL}


class _Name:
    """A name of torch's, as a pickle spells it."""

    def __init__(self, module: str, name: str) -> None:
        self.spelled = f"{module}\n{name}\n".encode()

    def __call__(self, *_: Any) -> None:
        """pickle asks for something that can be called."""


_TENSOR = _Name("torch._utils", "_rebuild_tensor_v2")
_PARAMETER = _Name("torch._utils", "_rebuild_parameter")
_KINDS = {one: _Name("torch", f"{one.legacy}Storage") for one in dtypes.ALL}
_DTYPES = {one: _Name("torch", one.name) for one in dtypes.ALL}
_SIZE, _DEVICE = _Name("torch", "Size"), _Name("torch", "device")


class _Storage:
    """What a tensor's memory is in a pickle: a reference to a file of the archive."""

    def __init__(self, reference: tuple[Any, ...]) -> None:
        self.reference = reference


class _Writer(pickle._Pickler):
    """Pickles tensors as torch does; `storages` gathers their memories."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, 2)
        self.storages: dict[tuple[int, str], tuple[str, Array]] = {}

    def persistent_id(self, obj: Any) -> Any:
        """The reference to a storage."""
        return obj.reference if isinstance(obj, _Storage) else None

    def reducer_override(self, obj: Any) -> Any:
        """How tensors and what belongs to them are built again."""
        if isinstance(obj, Parameter):
            return _PARAMETER, (obj.data, obj.requires_grad, OrderedDict())
        if isinstance(obj, Tensor):
            return _TENSOR, (*self._placed(obj.array), stride(obj), obj.requires_grad, OrderedDict())
        if isinstance(obj, Size):
            return _SIZE, (tuple(obj),)
        if isinstance(obj, device):
            return _DEVICE, (obj.type,) if obj.index is None else (obj.type, obj.index)
        return NotImplemented

    def _placed(self, array: Array) -> tuple[_Storage, int, tuple[int, ...]]:
        """The storage of an array, where it begins in it, and its shape."""
        memory = owner(array)
        if not (isinstance(memory, np.ndarray) and (memory.flags.c_contiguous or memory.flags.f_contiguous)):
            memory = array = np.ascontiguousarray(array)
        kind = dtypes.of(array)
        key = (id(memory), kind.name)
        number, _ = self.storages.setdefault(key, (str(len(self.storages)), memory))
        start = (_address(array) - _address(memory)) // array.itemsize if array.size else 0
        count = memory.nbytes // array.itemsize
        return _Storage(("storage", _KINDS[kind], number, "cpu", count)), start, array.shape

    def _write_name(self, obj: Any) -> None:
        python: Any = self  # the type checker knows only the C pickler's methods
        python.write(pickle.GLOBAL + _DTYPES.get(obj, obj).spelled)
        python.memoize(obj)

    dispatch: ClassVar[Any] = {**pickle._Pickler.dispatch, _Name: _write_name, dtypes.dtype: _write_name}


def _address(array: Array) -> int:
    return int(array.__array_interface__["data"][0])


def save(
    obj: Any,
    f: Any,
    pickle_module: Any = pickle,
    pickle_protocol: int = 2,
    _use_new_zipfile_serialization: bool = True,
) -> None:
    """Writes obj to a path or a binary file: tensors, and what they stand in (dicts, lists, numbers, strings)."""
    pickled = io.BytesIO()
    writer = _Writer(pickled)
    writer.dump(obj)
    name = Path(f).stem if isinstance(f, (str, Path)) else "archive"
    with zipfile.ZipFile(f, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(f"{name}/data.pkl", pickled.getvalue())
        archive.writestr(f"{name}/byteorder", "little")
        for number, memory in writer.storages.values():
            order: Any = "C" if memory.flags.c_contiguous else "F"
            archive.writestr(f"{name}/data/{number}", memory.astype(memory.dtype.newbyteorder("<")).tobytes(order))
        archive.writestr(f"{name}/version", "3\n")


class _Reader(pickle.Unpickler):
    """Unpickles what torch's weights_only load does, and nothing else."""

    def __init__(self, archive: zipfile.ZipFile, prefix: str, map_location: Any) -> None:
        super().__init__(io.BytesIO(archive.read(f"{prefix}data.pkl")), encoding="utf-8")
        self.archive, self.prefix, self.map_location = archive, prefix, map_location
        self.big = f"{prefix}byteorder" in archive.namelist() and archive.read(f"{prefix}byteorder") == b"big"
        self.memories: dict[str, Array] = {}

    def find_class(self, module: str, name: str) -> Any:
        """What a name in the pickle stands for; UnpicklingError for all that is not on the list."""
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        if module == "torch" and name in dtypes.NAMES:
            return dtypes.NAMES[name]
        known = _ALLOWED.get(f"{module}.{name}")
        if known is None:
            raise pickle.UnpicklingError(
                f"Weights only load failed. Unsupported global: GLOBAL {module}.{name} was not an allowed global by "
                "default, and this runtime never runs code from a file: save the state_dict() instead of the object."
            )
        return known

    def persistent_load(self, pid: Any) -> Any:
        """The memory that a reference names, as (array without a shape, dtype)."""
        kind, wanted, number, location, _ = pid
        if kind != "storage":
            raise pickle.UnpicklingError(f"Unknown persistent id: {kind}")
        if str(location) != "cpu" and self.map_location is None:
            raise RuntimeError(
                f"Attempting to deserialize object on a {location} device but it is not available. Please use "
                "torch.load with map_location=torch.device('cpu') to map your storages to the CPU."
            )
        if number not in self.memories:
            data = bytearray(self.archive.read(f"{self.prefix}data/{number}"))
            memory = np.frombuffer(data, wanted.storage)
            self.memories[number] = memory.byteswap(inplace=True) if self.big else memory
        return self.memories[number]


def _tensor(memory: Array, offset: int, size: Any, strides: Any, requires_grad: bool = False, *_: Any) -> Tensor:
    """torch's `_rebuild_tensor_v2`; ValueError for a shape that reaches beyond the memory."""
    shape, steps = tuple(size), tuple(strides)
    last = offset + sum((n - 1) * step for n, step in zip(shape, steps, strict=True))
    if 0 in shape:
        return wrap(np.empty(shape, memory.dtype), requires_grad)
    if offset < 0 or min((*steps, 0)) < 0 or last >= memory.size:
        raise ValueError(f"a tensor of shape {shape} does not fit into a storage of {memory.size} elements")
    strided = np.lib.stride_tricks.as_strided(memory[offset:], shape, [step * memory.itemsize for step in steps])
    return wrap(strided, requires_grad)


def _parameter(data: Tensor, requires_grad: bool = True, *_: Any) -> Parameter:
    return Parameter(data, requires_grad)


def _encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding)


_ALLOWED: dict[str, Callable[..., Any]] = {
    "collections.OrderedDict": OrderedDict,
    "collections.Counter": Counter,
    "builtins.set": set,
    "__builtin__.set": set,
    "builtins.complex": complex,
    "__builtin__.complex": complex,
    "builtins.bytearray": bytearray,
    "_codecs.encode": _encoded,
    "torch.Size": Size,
    "torch.device": device,
    "torch._utils._rebuild_tensor": _tensor,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_parameter": _parameter,
}


def load(
    f: Any,
    map_location: Any = None,
    pickle_module: Any = None,
    *,
    weights_only: bool | None = None,
    mmap: bool | None = None,
    **pickle_load_args: Any,
) -> Any:
    """Reads what `save`, or torch's, wrote. weights_only=False changes nothing: no code of a file is run.

    pickle.UnpicklingError for other objects than state is made of, RuntimeError for a file that is no such archive.
    """
    if isinstance(f, (str, Path)) and not Path(f).exists():
        raise FileNotFoundError(2, "No such file or directory", str(f))
    if not zipfile.is_zipfile(f):
        raise RuntimeError("PytorchStreamReader failed: not a zip archive; torch's format before 1.6 is not read here")
    with zipfile.ZipFile(f) as archive:
        inside = [name for name in archive.namelist() if name.rpartition("/")[2] == "data.pkl"]
        if not inside:
            raise RuntimeError("PytorchStreamReader failed locating file data.pkl: file not found")
        return cast(Any, _Reader(archive, inside[0].removesuffix("data.pkl"), map_location)).load()


__getattr__ = refusing("torch.serialization")
