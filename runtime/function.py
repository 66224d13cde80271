"""`torch.autograd.Function`: a user's own forward and backward as one node."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any, cast

from . import record
from .grad_mode import is_grad_enabled, no_grad
from .graph import Meta, Node, Saved
from .incoming import edges_of, metas_of
from .pull import SECOND_TIME
from .tensor import Tensor, view_of, wrap


class FunctionCtx:
    """What forward leaves for backward: saved tensors, flags, and any attribute of the user's."""

    needs_input_grad: tuple[bool, ...] = ()
    materialize_grads = True

    def __init__(self) -> None:
        self.to_save: tuple[Tensor | None, ...] = ()
        self.dirty: tuple[Tensor, ...] = ()
        self.non_differentiable: tuple[Tensor, ...] = ()
        self.released = False

    def save_for_backward(self, *tensors: Tensor | None) -> None:
        """Keeps tensors for backward, where `saved_tensors` has them."""
        self.to_save = tensors

    def save_for_forward(self, *tensors: Tensor | None) -> None:
        """Accepted for forward-mode code; nothing uses it."""

    def mark_dirty(self, *tensors: Tensor) -> None:
        """Says that forward changed these inputs in place."""
        self.dirty = tensors

    def mark_non_differentiable(self, *tensors: Tensor) -> None:
        """Says that these outputs have no gradient."""
        self.non_differentiable = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """With False, backward gets None instead of zeros for outputs that were not used."""
        self.materialize_grads = value

    @property
    def saved_tensors(self) -> tuple[Tensor | None, ...]:
        """What `save_for_backward` kept; RuntimeError after the graph was freed."""
        if self.released:
            raise RuntimeError(SECOND_TIME)
        return self.to_save

    @property
    def saved_variables(self) -> tuple[Tensor | None, ...]:
        """The old name of `saved_tensors`."""
        warnings.warn("'saved_variables' is deprecated; use 'saved_tensors'", DeprecationWarning, stacklevel=2)
        return self.saved_tensors


class FunctionNode(Node):
    """The node of a Function; releasing it frees what the context saved."""

    __slots__ = ("backward", "ctx")
    ctx: FunctionCtx
    backward: Callable[[Any], tuple[Any, ...]]  # from tensors to tensors

    def release(self) -> None:
        if self.ctx.to_save:
            self.ctx.to_save = ()
            self.saved = ()
            self.ctx.released = True


class Function:
    """Subclass with static forward(ctx, *args), or forward(*args) and setup_context, and backward(ctx, *grads)."""

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """Computes the outputs; to be overridden."""
        raise NotImplementedError("You must implement the forward function for custom autograd.Function.")

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> Any:
        """Fills the context when forward takes none."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """Computes one gradient per argument of forward; to be overridden."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom autograd.Function to use it with "
            "backward mode AD."
        )

    vjp = backward

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Runs forward without recording, and puts one node behind its outputs."""
        ctx = FunctionCtx()
        edges = edges_of(args)
        ctx.needs_input_grad = tuple(edge is not None for edge in edges)
        with no_grad():
            if cls.setup_context is Function.setup_context:
                result = cls.forward(ctx, *args, **kwargs)
            else:
                result = cls.forward(*args, **kwargs)
                cls.setup_context(ctx, args, result)
        single = not isinstance(result, tuple)
        outputs = [_own(one, args, ctx) for one in ((result,) if single else result)]
        if is_grad_enabled() and any(ctx.needs_input_grad):
            _remember(cls, ctx, args, edges, outputs)
        if record.listeners:
            record.tell(cls.__name__, args, kwargs, tuple(outputs))
        return outputs[0] if single else tuple(outputs)


def _own(output: Any, args: tuple[Any, ...], ctx: FunctionCtx) -> Any:
    """An output that forward took from its arguments becomes a view of it, unless it was marked dirty."""
    if isinstance(output, Tensor) and any(output is arg for arg in args):
        if any(output is one for one in ctx.dirty):
            output.counter.count += 1
            return output
        made = view_of(output.array, output)
        made._view_kind = "multi"
        if any(output is one for one in ctx.non_differentiable):
            ctx.non_differentiable += (made,)
        return made
    return output


def _remember(cls: type[Function], ctx: FunctionCtx, args: tuple[Any, ...], edges: Any, outputs: list[Any]) -> None:
    tensors = [one for one in outputs if isinstance(one, Tensor)]
    run = cls.backward if cls.backward is not Function.backward else cls.vjp

    def backward(given: tuple[Any, ...]) -> tuple[Any, ...]:
        results = run(ctx, *_in_places(given, outputs))
        results = results if isinstance(results, tuple) else (results,)
        while len(results) > len(edges) and results[-1] is None:
            results = results[:-1]
        return results

    def pullback(grads: Any) -> tuple[Any, ...]:
        given = grads if isinstance(grads, tuple) else (grads,)
        results = backward(tuple(None if one is None else wrap(one) for one in given))
        return tuple(one.array if isinstance(one, Tensor) else one for one in results)

    metas = cast("tuple[Meta, ...]", metas_of(tuple(tensors)))
    node = FunctionNode(f"{cls.__name__}Backward", pullback, edges, metas_of(args), metas)
    node.ctx, node.backward = ctx, backward
    node.materialize = ctx.materialize_grads
    for slot, output in enumerate(tensors):
        if output.array.dtype.kind in "fc" and not any(output is one for one in ctx.non_differentiable):
            output._requires_grad = False
            output.rehistory(node, slot)
    node.saved = tuple(
        Saved(one.counter, one._version, Meta(one.array.shape, one.array.dtype), one._slot, "a saved tensor")
        for one in ctx.to_save
        if one is not None
    )


def _in_places(grads: tuple[Any, ...], outputs: list[Any]) -> list[Any]:
    """One gradient per output; None where the output was no tensor."""
    remaining = iter(grads)
    return [next(remaining) if isinstance(output, Tensor) else None for output in outputs]


def once_differentiable(backward: Callable[..., Any]) -> Callable[..., Any]:
    """The backward without a history: RuntimeError for who goes back through what it gave."""

    @functools.wraps(backward)
    def once(ctx: Any, *grads: Any) -> Any:
        with no_grad():
            results = backward(ctx, *grads)
        if not is_grad_enabled() or not any(isinstance(one, Tensor) and one.requires_grad for one in grads):
            return results
        several = results if isinstance(results, tuple) else (results,)
        ended = tuple(_ended(one) if isinstance(one, Tensor) else one for one in several)
        return ended if isinstance(results, tuple) else ended[0]

    return once


def _ended(result: Tensor) -> Tensor:
    """The same numbers behind a node that cannot be gone back through."""

    def refuse(g: Any) -> Any:
        raise RuntimeError("trying to differentiate twice a function that was marked with @once_differentiable")

    made = wrap(result.array)
    meta = cast("tuple[Meta, ...]", metas_of((made,)))
    source = wrap(result.array)
    source._requires_grad = True
    made.rehistory(Node("DelayedErrorBackward", refuse, edges_of((source,)), meta, meta))
    return made
