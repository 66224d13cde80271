"""The Tensor: an array, its gradient, and its place in the graph. No mathematics: methods.py hangs that on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from . import dtypes
from .array import Array
from .device import CPU, device
from .dtypes import dtype
from .grad_mode import is_grad_enabled
from .graph import Edge, Hooks, Node, Version
from .meta import device_of
from .size import Size
from .views import view_node

T = TypeVar("T", bound="Tensor")


class Tensor:
    """A torch tensor on a numpy array.

    `array` is the memory (always an ndarray; views share it). `node` is the autograd node or None, `_slot` which of its
    outputs this is. A view has `_base`, and shares `counter` (the version) with it. `Tensor(2, 3)` is torch's legacy
    constructor; ops make tensors by `wrap(array)`.
    """

    __array_priority__ = 1000  # numpy leaves `array * tensor` to the tensor

    if TYPE_CHECKING:  # hung on by methods.py
        __add__: Callable[[Any], Tensor]
        __radd__: Callable[[Any], Tensor]
        __sub__: Callable[[Any], Tensor]
        __rsub__: Callable[[Any], Tensor]
        __mul__: Callable[[Any], Tensor]
        __rmul__: Callable[[Any], Tensor]
        __truediv__: Callable[[Any], Tensor]
        __rtruediv__: Callable[[Any], Tensor]
        __pow__: Callable[[Any], Tensor]
        __matmul__: Callable[[Any], Tensor]
        __neg__: Callable[[], Tensor]
        __lt__: Callable[[Any], Tensor]
        __le__: Callable[[Any], Tensor]
        __gt__: Callable[[Any], Tensor]
        __ge__: Callable[[Any], Tensor]
        __getitem__: Callable[[Any], Tensor]
        __setitem__: Callable[[Any, Any], None]
        __bool__: Callable[[], bool]
        __float__: Callable[[], float]
        __int__: Callable[[], int]
        __index__: Callable[[], int]
        __len__: Callable[[], int]
        __iter__: Callable[[], Iterator[Tensor]]

        def __getattr__(self, name: str) -> Any: ...

    array: Array
    grad: Tensor | None
    counter: Version
    _base: Tensor | None
    _node: Node | None
    _slot: int
    _stamp: int  # the version at which _node was right
    _requires_grad: bool
    _view_kind: str  # "", or "no_grad" or "multi": views that torch does not let be changed in place
    _hooks: Hooks | None

    def __new__(cls: type[T], *data: Any, device: Any = None) -> T:
        return _fill(object.__new__(cls), legacy_data(data))

    @staticmethod
    def _make_subclass(cls: type[T], data: Tensor, require_grad: bool = False) -> T:  # noqa: PLW0211 - torch's spelling
        """A tensor of class `cls` on the memory of `data`, detached from its graph."""
        made = _fill(object.__new__(cls), data.array)
        made.counter = data.counter
        made.requires_grad = require_grad
        return made

    # Place in the graph

    @property
    def node(self) -> Node | None:
        """The autograd node; of a view whose memory changed since, a new one (torch's view + in-place rule)."""
        base = self._base
        if base is not None and self._stamp != self.counter.count:
            self._stamp = self.counter.count
            if base.requires_grad:
                self._node, self._slot = view_node(self.array, base.array, base.edge()), 0
        return self._node

    grad_fn = node

    def rehistory(self, node: Node | None, slot: int = 0) -> None:
        """Puts the tensor at another place in the graph: it is what output `slot` of `node` gave."""
        self._node, self._slot, self._stamp = node, slot, self.counter.count

    def edge(self) -> Edge | None:
        """Where a gradient of this tensor goes; None if it wants none."""
        node = self.node
        if node is not None:
            return Edge(node, self._slot)
        return Edge(self, 0) if self._requires_grad else None

    @property
    def requires_grad(self) -> bool:
        """Whether gradients are wanted; may be set on leaves only."""
        return self._requires_grad or self.node is not None

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if self.node is not None and not wanted:
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in "
                "a subgraph that doesn't require differentiation use var_no_grad = var.detach()."
            )
        if wanted and self.array.dtype.kind not in "fc":
            raise RuntimeError("only Tensors of floating point dtype can require gradients")
        self._requires_grad = bool(wanted) and self.node is None

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded op made it."""
        return self.node is None

    @property
    def _version(self) -> int:
        return self.counter.count

    @property
    def output_nr(self) -> int:
        """Which output of its grad_fn it is."""
        return self._slot if self.node is not None else 0

    # What it is

    @property
    def data(self) -> Tensor:
        """The same memory without history, and with its own version: changes go unnoticed by autograd."""
        return wrap(self.array)

    @data.setter
    def data(self, other: Tensor) -> None:
        self.array = other.array

    @property
    def dtype(self) -> dtype:
        """The runtime's dtype object."""
        return dtypes.of(self.array)

    @property
    def shape(self) -> Size:
        """The sizes, as `torch.Size`."""
        return Size(self.array.shape)

    @property
    def ndim(self) -> int:
        """How many dimensions."""
        return self.array.ndim

    @property
    def device(self) -> device:
        """The CPU, or meta for a tensor without memory."""
        return CPU if type(self.array) is np.ndarray else device_of(self.array)

    @property
    def itemsize(self) -> int:
        """Bytes of one element."""
        return self.array.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return self.array.nbytes

    def detach(self) -> Tensor:
        """The same memory without history; in-place changes are still noticed (the version is shared)."""
        made = wrap(self.array)
        made.counter = self.counter
        return made

    def __hash__(self) -> int:
        return id(self)


def wrap(array: Array, requires_grad: bool = False) -> Tensor:
    """A new leaf on `array`, sharing its memory: how everything in the runtime makes tensors."""
    made = _fill(object.__new__(Tensor), array)
    if requires_grad:
        made.requires_grad = True
    return made


def view_of(array: Array, source: Tensor) -> Tensor:
    """A tensor on `array`, which is part of the memory of `source`: shares version and base with it."""
    made = _fill(object.__new__(Tensor), array)
    made._base = source if source._base is None else source._base
    made.counter = source.counter
    made._stamp = source.counter.count
    made._view_kind = "" if is_grad_enabled() else "no_grad"
    return made


def legacy_data(data: tuple[Any, ...]) -> Array:
    """The array of `torch.Tensor(2, 3)` (uninitialised) and `torch.Tensor([1, 2])`, in the default dtype."""
    wanted = dtypes.get_default_dtype().storage
    match data:
        case (Tensor() as other,):
            return other.array
        case (Size() as size,):
            return np.empty(size, wanted)
        case ((list() | tuple() | np.ndarray()) as values,):
            return np.array(values, wanted)
        case () | (None,):
            return np.empty(0, wanted)
    return np.empty(tuple(int(size) for size in data), wanted)


def _fill(made: T, array: Array) -> T:
    made.array = array
    made.grad = made._base = made._node = made._hooks = None
    made._requires_grad = False
    made._view_kind = ""
    made._slot = made._stamp = 0
    made.counter = Version()
    return made
