"""The one place where torch and its numpy look-alike are told apart: what the rest of the child needs of either."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
OnCall = Callable[[str, tuple[Any, ...], dict[str, Any], tuple[Any, ...]], None]


@dataclass(frozen=True)
class Backend:
    """`torch` is the module itself; `array` gives a tensor's memory; `recording` calls back for every operation."""

    name: str
    torch: Any
    array: Callable[[Any], Array]
    recording: Callable[[OnCall], AbstractContextManager[None]]
    reads_host: Callable[[str], bool]

    def tensor(self, values: Array, dtype: str) -> Any:
        """A fresh tensor of the named dtype ("float32")."""
        return self.torch.tensor(values, dtype=self.dtype(dtype))

    def dtype(self, name: str) -> Any:
        """The dtype object of a name."""
        return getattr(self.torch, name)

    def is_tensor(self, value: Any) -> bool:
        """Whether `value` is a tensor of this backend."""
        return isinstance(value, self.torch.Tensor)


def dtype_name(tensor: Any) -> str:
    """`float32` for a tensor of `torch.float32`."""
    return str(tensor.dtype).rpartition(".")[2]


def is_float(dtype: str) -> bool:
    """Whether the named dtype takes gradients."""
    return dtype.startswith(("float", "bfloat", "complex"))
