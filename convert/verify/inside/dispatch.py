"""Real torch as the backend: recording through its dispatcher, where every spelling has become one operator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from .backend import Array, Backend, OnCall
from .reads import HOST_READ, telling_reads


def torch_backend() -> Backend:
    """Imports torch, on one thread and with deterministic algorithms where it has them."""
    import torch

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True, warn_only=True)
    return Backend("torch", torch, _reader(torch), _recording(torch), _reads_host)


def _reads_host(name: str) -> bool:
    return name == HOST_READ or "_local_scalar_dense" in name


def _reader(torch: Any) -> Callable[[Any], Array]:
    """A tensor's memory; dtypes that numpy lacks are given as the integers of the same bits."""
    read, detach, bfloat16, bits = torch.Tensor.numpy, torch.Tensor.detach, torch.bfloat16, torch.int16

    def array(tensor: Any) -> Array:
        plain = detach(tensor)
        return np.asarray(read(plain.view(bits) if plain.dtype is bfloat16 else plain))

    return array


def _recording(torch: Any) -> Any:
    from torch.utils._python_dispatch import TorchDispatchMode

    class Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call, unused-ignore]
        def __init__(self, on_call: OnCall) -> None:
            super().__init__()  # type: ignore[no-untyped-call, unused-ignore]
            self.on_call = on_call
            self.busy = False

        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            result = func(*args, **(kwargs or {}))
            outputs = tuple(result) if isinstance(result, (tuple, list)) else (result,)
            inputs, static = _bound(func, args, kwargs or {})
            self.told(str(func), inputs, {**static, "grad_enabled": torch.is_grad_enabled()}, outputs)
            return result

        def told(self, name: str, inputs: tuple[Any, ...], static: dict[str, Any], outputs: tuple[Any, ...]) -> None:
            """Passes on what the model does, and not what looking at it does."""
            if not self.busy:
                self.busy = True
                try:
                    self.on_call(name, inputs, static, outputs)
                finally:
                    self.busy = False

    @contextmanager
    def recording(on_call: OnCall) -> Iterator[None]:
        recorder = Recorder(on_call)
        with telling_reads(torch.Tensor, ("numpy", "tolist"), recorder.told), recorder:
            yield

    return recording


def _bound(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Tensor arguments in order, and all others by name with defaults filled in: `2` and `2, stride=2` are one call."""
    inputs: list[Any] = []
    static: dict[str, Any] = {}
    for index, wanted in enumerate(func._schema.arguments):
        value = args[index] if index < len(args) else kwargs.get(wanted.name, wanted.default_value)
        if "Tensor" in str(wanted.type):
            inputs.append(value)
        else:
            static[wanted.name] = list(value) if isinstance(value, (tuple, list)) else value
    if static.get("stride") == []:  # pooling: no stride means the kernel's size
        static["stride"] = static.get("kernel_size")
    return tuple(inputs), static
