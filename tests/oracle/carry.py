"""From torch to the runtime: the twin of every tensor, dtype, function or module that a sample of torch holds.

torch.nn.functional.dropout  →  nnflip.runtime.nn.functional.dropout
lambda x: x.mT               →  the same code, in whose world `torch` is the runtime
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

import nnflip.runtime as runtime

HOMES = {"torch.functional": "torch", "torch._tensor": "torch.Tensor", "torch._VF": "torch"}
"""Modules of torch whose functions are known under another name."""

NAMES = {"_threshold": "threshold", "log_sigmoid": "logsigmoid"}
"""Functions that are known under another name."""


def resolve(path: str) -> Any:
    """What the runtime has at `torch.nn.functional.conv2d`; AttributeError if nothing."""
    found: Any = runtime
    for part in path.split(".")[1:]:
        found = getattr(found, part)
    return found


def seeded(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What torch's `wrapper_set_seed` does."""
    runtime.manual_seed(42)
    return function(*args, **kwargs)


class Carrier:
    """Carries values over; a tensor met twice has one twin. `fresh=True`: torch to torch, only the memory is new."""

    def __init__(self, fresh: bool = False) -> None:
        self.fresh = fresh
        self.tensors: dict[int, tuple[Any, Any]] = {}
        self.memories: dict[int, tuple[Any, Any]] = {}

    def __call__(self, value: Any) -> Any:
        match value:
            case torch.Tensor():
                if id(value) not in self.tensors:
                    memory = self.memory(value)
                    self.tensors[id(value)] = (value, renewed(value, memory) if self.fresh else twin(value, memory))
                return self.tensors[id(value)][1]
            case torch.Size():
                return value if self.fresh else runtime.Size(value)
            case list():
                return [self(one) for one in value]
            case tuple():
                made = tuple(self(one) for one in value)
                return type(value)(*made) if hasattr(value, "_fields") else made
            case dict():
                return {key: self(one) for key, one in value.items()}
            case slice():
                return slice(self(value.start), self(value.stop), self(value.step))
        return value if self.fresh else counterpart(value)

    def memory(self, tensor: torch.Tensor) -> Any:
        """A copy of the memory that it lies in; the same one for all tensors that share theirs."""
        storage = tensor.untyped_storage()
        key = storage.data_ptr() or id(tensor)
        if key not in self.memories:
            copied = storage.clone()
            if not self.fresh:
                copied = torch.empty(0, dtype=torch.uint8).set_(copied).numpy()
            self.memories[key] = (storage, copied)
        return self.memories[key][1]

    def leaves(self) -> list[Any]:
        """The twins that want gradients, in the order in which they were met."""
        return [made for _, made in self.tensors.values() if made.requires_grad]


def renewed(tensor: torch.Tensor, memory: Any) -> torch.Tensor:
    """The same numbers in the same layout, in that memory and without history."""
    made = torch.empty(0, dtype=tensor.dtype)
    made.set_(memory, tensor.storage_offset(), tensor.size(), tensor.stride())
    return made.requires_grad_(tensor.requires_grad)


def twin(tensor: torch.Tensor, memory: Any) -> Any:
    """The runtime's tensor with these numbers, in the same layout in that memory."""
    from nnflip.runtime.tensor import wrap

    if tensor.dtype in (torch.bfloat16, torch.complex32) or tensor.is_conj():
        return runtime.tensor(tensor.detach().float().numpy()).to(counterpart(tensor.dtype))
    sample = torch.empty(0, dtype=tensor.dtype).numpy().dtype
    steps = tuple(step * sample.itemsize for step in tensor.stride())
    array = np.ndarray(tuple(tensor.shape), sample, memory, tensor.storage_offset() * sample.itemsize, steps)
    return wrap(array, requires_grad=tensor.requires_grad)


def counterpart(value: Any) -> Any:
    """What the runtime has in the place of a thing of torch that is no tensor."""
    match value:
        case bool() | int() | float() if type(value) in (bool, int, float):
            return value
        case torch.dtype() | torch.memory_format() | torch.layout():
            return getattr(runtime, str(value).removeprefix("torch."))
        case torch.device():
            return runtime.device(str(value))
        case torch.Generator():
            return runtime.Generator().manual_seed(value.initial_seed())
        case torch.nn.Module():
            return _module(value)
        case functools.partial():
            carry = Carrier()
            return functools.partial(counterpart(value.func), *carry(value.args), **carry(value.keywords))
        case type():
            return resolve(f"torch.nn.{value.__name__}") if issubclass(value, torch.nn.Module) else value
    return function(value) if callable(value) else value


def _module(module: torch.nn.Module) -> Any:
    kind = next(getattr(runtime.nn, one.__name__) for one in type(module).__mro__ if hasattr(runtime.nn, one.__name__))
    made = kind.__new__(kind)
    made.__dict__.update({key: Carrier()(value) for key, value in vars(module).items()})
    return made


def function(original: Any) -> Any:
    """The runtime's function of that name; code written for the tests themselves runs with the runtime as torch."""
    module, name = getattr(original, "__module__", None) or "", getattr(original, "__name__", "")
    if isinstance(original, (types.MethodDescriptorType, types.WrapperDescriptorType)):
        return getattr(runtime.Tensor, name)
    name = NAMES.get(name, name)
    if name == "wrapper_set_seed":
        return seeded
    if isinstance(original, types.FunctionType) and ".testing." in module:
        return _rebuilt(original)
    if original is torch.nn.functional.__dict__.get(name) or module in ("torch._C._nn", "torch.nn.functional"):
        return resolve(f"torch.nn.functional.{name}")
    home = HOMES.get(module, module)
    if home.startswith("torch._C._"):
        return resolve(f"torch.{home.removeprefix('torch._C._')}.{name.removeprefix(home.split('._')[-1] + '_')}")
    return resolve(f"{home}.{name}") if home.split(".")[0] == "torch" else original


def _rebuilt(original: types.FunctionType) -> Any:
    """The same code, with the runtime's things where it names those of torch."""
    space = dict(original.__globals__)
    for name in original.__code__.co_names:
        if name in space:
            space[name] = runtime if space[name] is torch else _global(space[name])
    cells = tuple(types.CellType(counterpart(cell.cell_contents)) for cell in original.__closure__ or ())
    made = types.FunctionType(original.__code__, space, original.__name__, original.__defaults__, cells)
    made.__kwdefaults__ = original.__kwdefaults__
    return made


def _global(value: Any) -> Any:
    if isinstance(value, types.ModuleType):
        return resolve(value.__name__) if value.__name__.split(".")[0] == "torch" else value
    if isinstance(value, types.FunctionType) and value.__module__.split(".")[0] == "torch":
        return function(value)
    return value
