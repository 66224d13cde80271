"""`torch.utils.checkpoint`: keep no intermediate values, compute them again in backward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

from .autograd import Function, backward, enable_grad, no_grad
from .grad_mode import is_grad_enabled
from .missing import refusing
from .random import fork_rng, get_rng_state, set_rng_state
from .tensor import Tensor


class CheckpointFunction(Function):
    """Forward without recording; backward runs the function again, from the same random numbers, and through it."""

    @staticmethod
    def forward(ctx: Any, run: Callable[..., Any], preserve: bool, *args: Any) -> Any:
        """The function's outputs."""
        ctx.run, ctx.args = run, args
        ctx.state = get_rng_state() if preserve else None
        with no_grad():
            return run(*args)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        """Gradients of the arguments; those of tensors that the function holds itself are added on the way."""
        given = [one.detach().requires_grad_(one.requires_grad) if isinstance(one, Tensor) else one for one in ctx.args]
        with fork_rng() if ctx.state is not None else nullcontext():
            if ctx.state is not None:
                set_rng_state(ctx.state)
            with enable_grad():
                outputs = ctx.run(*given)
        several = outputs if isinstance(outputs, tuple) else (outputs,)
        pairs = [(o, g) for o, g in zip(several, grads, strict=True) if isinstance(o, Tensor) and o.requires_grad]
        if not pairs:
            raise RuntimeError("none of output has requires_grad=True, this checkpoint() is not necessary")
        backward([o for o, _ in pairs], [g for _, g in pairs])
        return (None, None, *(one.grad if isinstance(one, Tensor) else None for one in given))


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    context_fn: Any = None,
    determinism_check: str = "default",
    debug: bool = False,
    early_stop: bool = True,
    preserve_rng_state: bool = True,
    **kwargs: Any,
) -> Any:
    """`function(*args, **kwargs)`. Its values and gradients are those without a checkpoint, its memory is not.

    The non-reentrant form (use_reentrant False) keeps the intermediate values here: it must work where no argument
    wants a gradient, and with autograd.grad.
    """
    if not use_reentrant or not is_grad_enabled():
        return function(*args, **kwargs)
    if kwargs:
        raise ValueError(f"Unexpected keyword arguments: {','.join(kwargs)}")
    return CheckpointFunction.apply(function, preserve_rng_state, *args)


def checkpoint_sequential(
    functions: Any, segments: int, input: Any, use_reentrant: bool | None = None, preserve_rng_state: bool = True
) -> Any:
    """A Sequential, or a list of modules, in `segments` checkpoints; the last segment is run as it is."""
    steps: Sequence[Any] = list(functions.children() if hasattr(functions, "children") else functions)
    size = len(steps) // segments
    for start in range(0, size * (segments - 1), size):
        part = _chain(steps[start : start + size])
        input = checkpoint(part, input, use_reentrant=use_reentrant, preserve_rng_state=preserve_rng_state)
    return _chain(steps[size * (segments - 1) :])(input)


def _chain(steps: Sequence[Any]) -> Callable[[Any], Any]:
    def run(value: Any) -> Any:
        for step in steps:
            value = step(value)
        return value

    return run


__getattr__ = refusing("torch.utils.checkpoint")
