"""`torch.autograd.Variable`: an old name under which tensors were made; every tensor is one."""

from __future__ import annotations

from typing import Any

from .tensor import Tensor


class _VariableMeta(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, Tensor)


class Variable(metaclass=_VariableMeta):
    """`Variable(tensor, requires_grad=False)` gives the tensor, detached; isinstance is true for every tensor."""

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = False, volatile: bool = False) -> Any:
        made = Tensor() if data is None else data.detach()
        made.requires_grad = requires_grad
        return made
