"""Which dtypes torch's kernels take, and the error where they do not."""

from __future__ import annotations

from ..grad_mode import is_grad_enabled
from ..tensor import Tensor


def floating(kernel: str, *inputs: Tensor) -> None:
    """NotImplementedError, naming torch's ``kernel``, unless every input is of a floating dtype."""
    for input in inputs:
        if not input.dtype.is_floating_point:
            raise NotImplementedError(f"\"{kernel}\" not implemented for '{input.dtype.legacy}'")


def same(message: str, *inputs: Tensor | None) -> None:
    """RuntimeError, ``message`` with the two dtypes filled in, for the first input unlike the one in front."""
    kinds = [input.dtype for input in inputs if input is not None]
    for other in kinds[1:]:
        if other is not kinds[0]:
            raise RuntimeError(message.format(kinds[0].legacy, other.legacy))


def constant(function: str, **arguments: Tensor | None) -> None:
    """RuntimeError if an argument that torch's ``function`` has no derivative for requires a gradient."""
    for name, argument in arguments.items():
        if argument is not None and argument.requires_grad and is_grad_enabled():
            raise RuntimeError(
                f"The function '{function}' is not differentiable with respect to argument '{name}'. "
                "This input cannot have requires_grad True."
            )
