"""Conversion of a module's tensors: dtype, device, requires_grad, zero_grad. Parameters keep their identity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .. import dtypes
from ..autograd import no_grad
from ..creation import empty_like
from ..tensor import Tensor
from .lookup import Lookup
from .parameter import UninitializedTensorMixin

M = TypeVar("M", bound="Move")


class Move(Lookup):
    """The part of nn.Module that changes what its tensors are, not what they mean."""

    def _apply(self: M, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> M:
        """Replace the data of every parameter, its gradient and every buffer by fn of it."""
        if recurse:
            for module in self.children():
                module._apply(fn)
        for param in self._parameters.values():
            if param is None:
                continue
            with no_grad():
                param.data = fn(param.data)
                grad = param.grad
                if grad is not None:
                    param.grad = None
                    param.grad = fn(grad.data).requires_grad_(grad.requires_grad)
        for name, buffer in self._buffers.items():
            if buffer is not None:
                self._buffers[name] = fn(buffer)
        return self

    def to(self: M, *args: Any, **kwargs: Any) -> M:
        """to(device=None, dtype=None, non_blocking=False), to(dtype), to(tensor): integer tensors keep their dtype."""
        device, dtype = _target(*args, **kwargs)
        if dtype is not None and not (dtype.is_floating_point or dtype.is_complex):
            raise TypeError(
                f"nn.Module.to only accepts floating point or complex dtypes, but got desired dtype={dtype}"
            )

        def convert(t: Any) -> Any:
            wanted = dtype if t.is_floating_point() or t.is_complex() else None
            return t.to(device=t.device if device is None else device, dtype=t.dtype if wanted is None else wanted)

        return self._apply(convert)

    def to_empty(self: M, *, device: Any, recurse: bool = True) -> M:
        """Uninitialised tensors of the same shapes on `device`."""
        return self._apply(lambda t: empty_like(t, device=device), recurse=recurse)

    def _cast(self: M, dtype: Any) -> M:
        return self._apply(lambda t: t.to(dtype) if t.is_floating_point() else t)

    def float(self: M) -> M:
        """Floating point parameters and buffers to float32."""
        return self._cast(dtypes.float32)

    def double(self: M) -> M:
        """Floating point parameters and buffers to float64."""
        return self._cast(dtypes.float64)

    def half(self: M) -> M:
        """Floating point parameters and buffers to float16."""
        return self._cast(dtypes.float16)

    def bfloat16(self: M) -> M:
        """Floating point parameters and buffers to bfloat16."""
        return self._cast(dtypes.bfloat16)

    def type(self: M, dst_type: Any) -> M:
        """All parameters and buffers to `dst_type`."""
        return self._apply(lambda t: t.type(dst_type))

    def cpu(self: M) -> M:
        """To the CPU, where everything is."""
        return self._apply(lambda t: t.cpu())

    def cuda(self: M, device: Any = None) -> M:
        """Refused as by a torch without CUDA."""
        return self._apply(lambda t: t.cuda(device))

    def share_memory(self: M) -> M:
        """No processes share tensors here: nothing to do; RuntimeError for a lazy parameter, as in torch."""
        for param in self.parameters():
            if isinstance(param, UninitializedTensorMixin):
                param.share_memory_()
        return self

    def requires_grad_(self: M, requires_grad: bool = True) -> M:
        """Switch gradients of all parameters on or off."""
        for param in self.parameters():
            param.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, or fill them with zeros."""
        for param in self.parameters():
            if param.grad is None:
                continue
            if set_to_none:
                param.grad = None
            else:
                param.grad = param.grad.detach()
                with no_grad():
                    param.grad.zero_()


def _target(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """(device, dtype) of the arguments of `to`, each None if not asked for."""
    device, dtype = kwargs.get("device"), kwargs.get("dtype")
    other = kwargs.get("tensor")
    for position, value in enumerate(args):
        if isinstance(value, Tensor):
            other = value
        elif isinstance(value, dtypes.dtype):
            dtype = value
        elif position == 0 and value is not None:
            device = value
    if other is not None:
        device, dtype = other.device, other.dtype
    return device, dtype
