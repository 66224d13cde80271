"""Hooks on the gradient of a tensor, and `retain_grad`."""

from __future__ import annotations

from collections import OrderedDict

from .graph import Hook, Hooks
from .handles import RemovableHandle
from .tensor import Tensor


def register_hook(self: Tensor, hook: Hook) -> RemovableHandle:
    """Calls `hook(grad)` whenever the gradient of this tensor is known; what it returns replaces the gradient.

    RuntimeError for a tensor that does not require grad.
    """
    if not self.requires_grad:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    node = self.node
    if node is None:
        self._hooks = self._hooks or Hooks()
        return RemovableHandle.add(self._hooks.before, hook)
    node.hooks = node.hooks if node.hooks is not None else {}
    return RemovableHandle.add(node.hooks.setdefault(self._slot, OrderedDict()), hook)


def register_post_accumulate_grad_hook(self: Tensor, hook: Hook) -> RemovableHandle:
    """Calls `hook(leaf)` after a gradient was added to the leaf's `.grad`; RuntimeError for what is no such leaf."""
    if not self.requires_grad:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    if not self.is_leaf:
        raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
    self._hooks = self._hooks or Hooks()
    return RemovableHandle.add(self._hooks.after, hook)


def retain_grad(self: Tensor) -> None:
    """Has backward fill `.grad` of this non-leaf too; RuntimeError if it does not require grad."""
    if not self.requires_grad:
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    node = self.node
    if node is not None:
        node.retained = node.retained if node.retained is not None else {}
        node.retained[self._slot] = self


def retains_grad(self: Tensor) -> bool:
    """Whether `retain_grad` was asked for."""
    node = self.node
    return node is not None and node.retained is not None and self._slot in node.retained


def requires_grad_(self: Tensor, requires_grad: bool = True) -> Tensor:
    """Sets `requires_grad` and returns the tensor."""
    self.requires_grad = requires_grad
    return self


def detach_(self: Tensor) -> Tensor:
    """Takes the tensor out of its graph: it becomes a leaf. RuntimeError for a view."""
    if self._base is not None:
        raise RuntimeError(
            "Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel (DDP) for "
            "training, and gradient_as_bucket_view is set as True, gradients are views of DDP buckets, and hence "
            "detach_() cannot be called on these gradients. To fix this error, please refer to the "
            "Optimizer.zero_grad() function in torch/optim/optimizer.py as a solution."
        )
    self.rehistory(None)
    self._requires_grad = False
    return self
