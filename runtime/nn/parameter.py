"""Tensors that a module recognises when they are assigned: Parameter and Buffer, and their shapeless lazy forms."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

from .. import dtypes
from ..meta import device_of, placed
from ..tensor import Tensor, wrap

__all__ = ["Buffer", "Parameter", "UninitializedBuffer", "UninitializedParameter"]

P = TypeVar("P", bound="Parameter")


class Parameter(Tensor):
    """A leaf tensor that nn.Module lists among its parameters; it shares the memory of `data`."""

    def __new__(cls: type[P], data: Any = None, requires_grad: bool = True) -> P:
        if data is None:
            data = Tensor()
        if not isinstance(data, Tensor):
            raise AttributeError(f"'{type(data).__name__}' object has no attribute 'detach'")  # torch's own words
        if requires_grad and not (data.dtype.is_floating_point or data.dtype.is_complex):
            raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
        return Tensor._make_subclass(cls, data, requires_grad)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if id(self) not in memo:
            memo[id(self)] = type(self)(self.data.clone(), self.requires_grad)
        return memo[id(self)]

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()

    def __reduce_ex__(self, protocol: Any) -> Any:
        state = {key: value for key, value in vars(self).items() if key not in _OWN_FIELDS}
        return _rebuild, (type(self), self.data, self.requires_grad), state or None


_OWN_FIELDS = frozenset(vars(Tensor._make_subclass(Parameter, Tensor())))


def _rebuild(kind: type[Parameter], data: Tensor, requires_grad: bool) -> Parameter:
    return kind(data, requires_grad)


class _BufferMeta(type):
    """A Buffer is a plain tensor with a mark, as in torch: isinstance asks for the mark."""

    def __instancecheck__(cls, instance: object) -> bool:
        if cls is Buffer:
            return isinstance(instance, Tensor) and bool(getattr(instance, "_is_buffer", False))
        return super().__instancecheck__(instance)


class Buffer(metaclass=_BufferMeta):
    """`Buffer(tensor, persistent=True)`: a plain tensor that nn.Module registers as a buffer when it is assigned."""

    def __new__(cls, data: Tensor | None = None, *, persistent: bool = True) -> Any:
        made: Any = (Tensor() if data is None else data).detach()
        made.requires_grad = data is not None and data.requires_grad
        made.persistent = persistent
        made._is_buffer = True
        return made


class UninitializedTensorMixin(Tensor):
    """A tensor whose shape is not known yet: only dtype and device answer, until materialize(shape)."""

    cls_to_become: type[Tensor] = Tensor

    @property
    def array(self) -> Any:
        raise ValueError(
            "Attempted to use an uninitialized parameter. This error happens when you are using a `LazyModule` or "
            "explicitly manipulating `torch.nn.parameter.UninitializedParameter` objects. When using LazyModules Call "
            "`forward` with a dummy batch to initialize the parameters before calling torch functions"
        )

    @array.setter
    def array(self, value: Any) -> None:
        self.__dict__["placeholder"] = value

    @property
    def data(self) -> Tensor:
        """An empty tensor of the dtype."""
        return wrap(self.__dict__["placeholder"])

    @data.setter
    def data(self, other: Tensor) -> None:
        self.array = other.array

    @property
    def dtype(self) -> dtypes.dtype:
        """The dtype it will have."""
        return dtypes.of(self.__dict__["placeholder"])

    @property
    def shape(self) -> Any:
        """RuntimeError: there is none yet."""
        raise RuntimeError(
            "Can't access the shape of an uninitialized parameter or buffer. This error usually happens in "
            "`load_state_dict` when trying to load an uninitialized parameter into an initialized one. Call `forward` "
            "to initialize the parameters before accessing their attributes."
        )

    def materialize(self, shape: Any, device: Any = None, dtype: dtypes.dtype | None = None) -> None:
        """Give it a shape (uninitialised memory) and make it an ordinary parameter or buffer."""
        storage = (self.dtype if dtype is None else dtype).storage
        array = placed(np.empty(tuple(shape), storage), device or device_of(self.__dict__["placeholder"]))
        del self.__dict__["placeholder"]
        self.__class__ = self.cls_to_become  # type: ignore[assignment]
        self.array = array

    def share_memory_(self) -> Any:
        """RuntimeError: there is no memory yet."""
        raise RuntimeError(
            "Can't share memory on an uninitialized parameter or buffer. Call `forward` to initialize the parameters "
            "before calling `module.share_memory()`."
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if id(self) not in memo:
            memo[id(self)] = _rebuild_lazy(type(self), self.requires_grad, self.dtype)
        return memo[id(self)]

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _rebuild_lazy, (type(self), self.requires_grad, self.dtype)


def _rebuild_lazy(kind: Any, requires_grad: bool, dtype: dtypes.dtype) -> Any:
    return kind(requires_grad=requires_grad, dtype=dtype)


def _shapeless(cls: Any, requires_grad: bool, device: Any, dtype: dtypes.dtype | None) -> Any:
    storage = (dtypes.get_default_dtype() if dtype is None else dtype).storage
    made = Tensor._make_subclass(cls, wrap(placed(np.empty(0, storage), device)))
    made._requires_grad = requires_grad  # past the check of the dtype, which looks at the memory
    return made


class UninitializedParameter(UninitializedTensorMixin, Parameter):
    """A parameter whose shape the first forward decides."""

    cls_to_become = Parameter

    def __new__(cls, requires_grad: bool = True, device: Any = None, dtype: dtypes.dtype | None = None) -> Any:
        return _shapeless(cls, requires_grad, device, dtype)


class UninitializedBuffer(UninitializedTensorMixin):
    """A buffer whose shape the first forward decides."""

    def __new__(
        cls,
        requires_grad: bool = False,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
        persistent: bool = True,
    ) -> Any:
        made = _shapeless(cls, requires_grad, device, dtype)
        made.persistent = persistent
        made._is_buffer = True
        return made


def is_lazy(value: object) -> bool:
    """Whether a parameter or buffer has no shape yet."""
    return isinstance(value, UninitializedTensorMixin)
