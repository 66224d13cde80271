"""`torch.cuda` on a machine without CUDA: nothing is available, and using it raises what torch raises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .device import usable
from .missing import refusing


def is_available() -> bool:
    """False."""
    return False


def is_initialized() -> bool:
    """False."""
    return False


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """False."""
    return False


def device_count() -> int:
    """0."""
    return 0


def manual_seed(seed: int) -> None:
    """Nothing to seed; torch ignores it too."""


def manual_seed_all(seed: int) -> None:
    """Nothing to seed; torch ignores it too."""


def empty_cache() -> None:
    """Nothing to empty."""


def ipc_collect() -> None:
    """Nothing to collect."""


def current_device() -> int:
    """AssertionError, as from a torch without CUDA."""
    usable("cuda")
    return 0


def set_device(device: Any) -> None:
    """AssertionError, as from a torch without CUDA."""
    usable("cuda")


def synchronize(device: Any = None) -> None:
    """AssertionError, as from a torch without CUDA."""
    usable("cuda")


def get_device_name(device: Any = None) -> str:
    """AssertionError, as from a torch without CUDA."""
    usable("cuda")
    return ""


def current_stream(device: Any = None) -> Any:
    """AssertionError, as from a torch without CUDA."""
    usable("cuda")


get_device_capability = get_device_properties = default_stream = mem_get_info = current_stream


def memory_allocated(device: Any = None) -> int:
    """0."""
    return 0


memory_reserved = max_memory_allocated = max_memory_reserved = memory_cached = max_memory_cached = memory_allocated


def reset_peak_memory_stats(device: Any = None) -> None:
    """Nothing to reset."""


reset_max_memory_allocated = reset_peak_memory_stats


class Stream:
    """AssertionError when made, as from a torch without CUDA."""

    def __new__(cls, *args: Any, **options: Any) -> Stream:
        usable("cuda")
        return super().__new__(cls)


class Event(Stream):
    """AssertionError when made, as from a torch without CUDA."""


@contextmanager
def stream(stream: Stream | None) -> Iterator[None]:
    """Does nothing for None; there are no streams."""
    yield


class device:
    """A context manager that does nothing: there is no device to change to."""

    def __init__(self, device: Any) -> None:
        self.device = device

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        pass


class OutOfMemoryError(RuntimeError):
    """Never raised here."""


FloatTensor, DoubleTensor, HalfTensor, LongTensor, IntTensor, ByteTensor, BoolTensor = (
    type(f"{name}Tensor", (Stream,), {"__doc__": "No tensor is one; AssertionError when made."})
    for name in ("Float", "Double", "Half", "Long", "Int", "Byte", "Bool")
)

__getattr__ = refusing("torch.cuda")
