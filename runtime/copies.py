"""Copying and pickling tensors: `copy.deepcopy`, `copy.copy`, `pickle`."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from .array import Array
from .tensor import Tensor, wrap

_OWN = frozenset(vars(wrap(np.empty(0))))


def _extras(tensor: Tensor) -> dict[str, Any]:
    """What the user hung on the tensor."""
    return {name: value for name, value in vars(tensor).items() if name not in _OWN}


def deep_copied(self: Tensor, memo: dict[int, Any]) -> Tensor:
    """A leaf in its own memory, with its `.grad` and what hangs on it; RuntimeError for a result of recorded ops."""
    if id(self) in memo:
        found: Tensor = memo[id(self)]
        return found
    if not self.is_leaf:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment.  "
            "If you were attempting to deepcopy a module, this may be because of a torch.nn.utils.weight_norm usage, "
            "see https://github.com/pytorch/pytorch/pull/103001"
        )
    made = _rebuilt(type(self), self.array.copy("K"), self.requires_grad)
    memo[id(self)] = made
    made.grad = copy.deepcopy(self.grad, memo)
    vars(made).update(copy.deepcopy(_extras(self), memo))
    return made


def reduced(self: Tensor, protocol: Any) -> tuple[Any, ...]:
    """For pickle and copy.copy: class, array, whether it wants gradients, and what hangs on it."""
    return _rebuilt, (type(self), self.array, self.requires_grad), _extras(self) or None


def _rebuilt(kind: type[Tensor], array: Array, requires_grad: bool) -> Tensor:
    return Tensor._make_subclass(kind, wrap(array), requires_grad)
