"""torch's settings of the process: kept and given back; none changes what this runtime computes."""

from __future__ import annotations

from typing import Any

from . import accelerator
from .device import CPU, standing, usable
from .device import device as Device
from .dtypes import set_default_dtype
from .ops.memory import by_legacy_name
from .tensor import Tensor

_kept: dict[str, Any] = {"threads": 1, "interop": 1, "deterministic": False, "warn_only": False, "precision": "highest"}


def get_num_threads() -> int:
    """What `set_num_threads` was given; 1 at first. numpy's own threads are not ours to set."""
    return int(_kept["threads"])


def set_num_threads(threads: int) -> None:
    """Kept for `get_num_threads`."""
    _kept["threads"] = threads


def get_num_interop_threads() -> int:
    """What `set_num_interop_threads` was given; 1 at first."""
    return int(_kept["interop"])


def set_num_interop_threads(threads: int) -> None:
    """Kept for `get_num_interop_threads`."""
    _kept["interop"] = threads


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Kept; everything here is deterministic."""
    _kept.update(deterministic=mode, warn_only=warn_only)


def are_deterministic_algorithms_enabled() -> bool:
    """What `use_deterministic_algorithms` was given."""
    return bool(_kept["deterministic"])


def set_float32_matmul_precision(precision: str) -> None:
    """Kept; products of float32 are float32 here."""
    if precision not in ("highest", "high", "medium"):
        raise RuntimeError(f"Invalid float32 matmul precision: {precision}")
    _kept["precision"] = precision


def get_float32_matmul_precision() -> str:
    """What `set_float32_matmul_precision` was given."""
    return str(_kept["precision"])


def set_default_device(device: Any) -> None:
    """The CPU or meta; raises what torch raises for a device that is not there."""
    if device is not None and Device(device).type != "meta":
        usable(device)
    standing[0] = CPU if device is None else Device(device)


def get_default_device() -> Device:
    """Where new tensors go."""
    return standing[-1]


def set_default_tensor_type(t: Any) -> None:
    """The old form of `set_default_dtype`: `set_default_tensor_type(torch.DoubleTensor)`."""
    set_default_dtype(by_legacy_name(t) if isinstance(t, str) else t.dtype)


def is_tensor(obj: object) -> bool:
    """Whether it is a tensor."""
    return isinstance(obj, Tensor)


def is_storage(obj: object) -> bool:
    """False: storages are not objects here."""
    return False


def typename(obj: Any) -> str:
    """The type's name: 'torch.FloatTensor' for a tensor."""
    if isinstance(obj, Tensor):
        return f"torch.{obj.dtype.legacy}Tensor"
    kind = obj if isinstance(obj, type) else type(obj)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _assert(condition: Any, message: str) -> None:
    """`assert`, as a function that torch's tracers can see."""
    assert condition, message


def _check(cond: bool, message: Any = None) -> None:
    """RuntimeError unless *cond*; *message* is a function that gives the text."""
    if not cond:
        raise RuntimeError("Expected cond to be True, but got False." if message is None else str(message()))


def _assert_async(condition: Tensor, message: str = "") -> None:
    """RuntimeError unless the only element is not zero."""
    if not condition.array.item():
        raise RuntimeError(message or "Expected Tensor with single nonzero value, but got zero")


def get_device_module(device: Any = None) -> Any:
    """`torch.cpu`'s stand-in: the module that counts no device."""
    return accelerator


def compile(model: Any = None, **options: Any) -> Any:
    """The model or function as it is; without one, a decorator that gives back what it is put on."""
    return (lambda function: function) if model is None else model
