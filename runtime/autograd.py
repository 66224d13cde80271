"""`torch.autograd`, and `@op`: how an op body on bare arrays becomes a function of tensors.

    @op
    def tanh(x: Array) -> Answer:
        y = np.tanh(x)
        return y, lambda g: g * (1 - y * y)

    @op(promote=True)                                  # torch's type promotion before the body runs
    def mul(x: Array, y: Array) -> Answer:
        return x * y, (lambda g: g * y, lambda g: g * x)

The body sees arrays (None and, without `promote`, Python numbers stay as they are) for its positional parameters, and
static arguments for its keyword-only ones. It returns `(value, pullback)`; a tuple of values makes several tensors.
The pullback is one rule `g -> gradients of the inputs in order` (a bare array for a single input, None for none), or
better **a tuple of rules, one per input**: only those that are needed are kept and run, and only what those look at
counts as saved. That matters twice: `x * 2` must not hold x, and an in-place change of x afterwards must not raise.
So a rule should close over `shape = x.shape` and not over x when the shape is all it needs; what it closes over and is
the memory of an input or output is checked for in-place changes, as torch checks its saved tensors.
Broadcasting and dtype are undone by the engine. A rule must not write into g, which may be shared or read-only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast, overload

import numpy as np

from . import record
from .array import Answer, Answers, Array, Pullback, owner
from .backward import backward, grad
from .broadcast import explain_mismatch
from .dtypes import FLOAT, get_default_dtype
from .function import Function, once_differentiable
from .grad_mode import enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled
from .graph import Call, Edge, Node, backward_name, needed_only, saved_memories
from .holomorphic import REAL_ONLY, of_complex
from .incoming import edges_of, memories_of, metas_of, weakly
from .kernels import refusals, refuse
from .layout import laid_out
from .meta import refuse_meta
from .missing import MissingUse
from .promotion import common_dtype, converted
from .tensor import Tensor, view_of, wrap
from .variable import Variable

R = TypeVar("R")
Body = Callable[..., tuple[Any, Pullback]]


class Op(Generic[R]):
    """An op on tensors: unwraps, promotes, runs the body, records. `body` is the body, `name` what traces show."""

    def __init__(
        self,
        body: Body,
        promote: bool,
        floating: bool,
        skip: tuple[int, ...],
        name: str,
        layout: str,
        linear: bool = False,
        again: bool = True,
        adjoint: bool = False,
    ) -> None:
        self.linear, self.again, self.adjoint = linear, again, adjoint
        self.body, self.promote, self.floating, self.skip = body, promote, floating, skip
        self.layout = layout or ("first" if promote else "")
        self.composite: Callable[..., Any] | None = None
        self.name = name or body.__name__.strip("_")
        self.refused = refusals(self.name)
        self.__name__, self.__doc__, self.__module__ = body.__name__, body.__doc__, body.__module__

    def __call__(self, *inputs: Any, **static: Any) -> R:
        arrays = self.arrays(inputs)
        value, pullback = self.run(arrays, static)
        several = isinstance(value, tuple)
        values = value if several else (value,)
        outputs = tuple([_output(laid_out(one, arrays, self.layout), inputs, several) for one in values])
        if pullback is not None and _may_want_gradients(inputs) and is_grad_enabled():
            edges = edges_of(inputs)
            if any(edges):
                node, between = _remember(self.name, pullback, inputs, edges, outputs, values)
                kept = arrays if (between and self.again) or self.composite is not None else weakly(arrays)
                node.call = Call(self, static, kept, weakly(values))
        if record.listeners:
            record.tell(self.name, inputs, static, outputs)
        return cast(R, outputs if several else outputs[0])

    def composed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Decorator: the same made of other ops, whose gradients are taken where a gradient's gradient is wanted.

        It gets what the body gets, but tensors.
        """
        self.composite = function
        return function

    def run(self, arrays: Any, static: dict[str, Any]) -> tuple[Any, Pullback]:
        """Value and pullback for bare arrays; torch's error for dtypes and shapes that it refuses."""
        if self.refused:
            refuse(self.refused, arrays)
        complex_ = False
        for x in arrays:  # any(...) takes twice as long, at every call
            if type(x) is np.ndarray and x.dtype.kind == "c":
                complex_ = True
        if complex_ and self.name in REAL_ONLY:
            raise MissingUse(f"torch.{self.name} of complex numbers")
        try:
            with np.errstate(all="ignore"):  # log(0) and 0/0 are answers in torch, not warnings
                value, pullback = self.body(*arrays, **static)
        except ValueError as error:
            explain_mismatch(error, arrays)
            raise
        if complex_ and not self.adjoint and pullback is not None:
            pullback = of_complex(pullback)
        return value, pullback

    def arrays(self, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """What the body gets for these arguments."""
        bare = tuple([x.array if isinstance(x, Tensor) else x for x in inputs])
        refuse_meta(self.name, bare)
        if not self.promote or self._alike(bare):
            return bare
        taking_part = tuple(x for i, x in enumerate(bare) if x is not None and i not in self.skip)
        common = common_dtype(taking_part)
        if self.floating and common.category < FLOAT:
            common = get_default_dtype()
        return tuple(x if x is None or i in self.skip else converted(x, common) for i, x in enumerate(bare))

    def _alike(self, bare: tuple[Any, ...]) -> bool:
        """Whether there is nothing to promote: the quick way, for arrays of one floating dtype."""
        if self.skip or type(bare[0]) is not np.ndarray:
            return False
        first = bare[0].dtype
        if first.kind != "f":
            return False
        for x in bare:  # noqa: SIM110 - all(...) takes twice as long, at every call
            if type(x) is not np.ndarray or x.dtype is not first:
                return False
        return True

    def __repr__(self) -> str:
        return f"<op {self.name}>"


@overload
def op(body: Callable[..., Answer], /) -> Op[Tensor]: ...
@overload
def op(body: Callable[..., Answers], /) -> Op[tuple[Tensor, ...]]: ...
@overload
def op(
    *,
    promote: bool = ...,
    floating: bool = ...,
    skip: tuple[int, ...] = ...,
    name: str = ...,
    layout: str = ...,
    linear: bool = ...,
    again: bool = ...,
    adjoint: bool = ...,
) -> _Decorator: ...
def op(
    body: Any = None,
    /,
    *,
    promote: bool = False,
    floating: bool = False,
    skip: tuple[int, ...] = (),
    name: str = "",
    layout: str = "",
    linear: bool = False,
    again: bool = True,
    adjoint: bool = False,
) -> Any:
    """Makes an op of a body (see the module's docstring).

    `promote`: all positional inputs arrive as arrays of torch's common dtype, Python numbers as 0-d arrays;
    `floating` as well: integers arrive in the default dtype (as for sqrt and true division);
    `skip`: positions that take no part in promotion (a condition, indices);
    `name`: what traces and grad_fn show, where the body's own name (without `_` at its ends) is not torch's;
    `layout`: "rows" for results that are always row-major, "first" for those laid out like the first input (as with
    `promote`);
    `linear`: the result is linear in all inputs that have a gradient, but for a constant: then the gradient of its
    gradient is the op itself, whatever the rules do;
    `again`: the body may be run once more for the gradient of a gradient (not if it draws, nor if it should not hold
    its inputs for that);
    `adjoint`: the rules are right for complex numbers as they are; else they are written as for real ones, and
    conjugated around where an input is complex.
    """
    if body is not None:
        return Op(body, promote, floating, skip, name, layout)
    return lambda body: Op(body, promote or floating, floating, skip, name, layout, linear, again, adjoint)


class _Decorator:
    """What `op(promote=True)` returns, for the type checker."""

    @overload
    def __call__(self, body: Callable[..., Answer], /) -> Op[Tensor]: ...
    @overload
    def __call__(self, body: Callable[..., Answers], /) -> Op[tuple[Tensor, ...]]: ...
    def __call__(self, body: Any, /) -> Any:
        raise NotImplementedError


def _may_want_gradients(inputs: tuple[Any, ...]) -> bool:
    """A quick look, which is right when it says no."""
    for x in inputs:
        if isinstance(x, Tensor) and (x._requires_grad or x._node is not None or x._base is not None):
            return True
    return False


def _output(value: Array, inputs: tuple[Any, ...], several: bool) -> Tensor:
    """The value as a tensor: a view of the input whose memory it shares, else a new one."""
    memory = owner(value)
    for x in inputs:
        if isinstance(x, Tensor) and owner(x.array) is memory:
            if not value.flags.writeable and x.array.flags.writeable:
                value.flags.writeable = True  # broadcast_to is shy; torch lets parts of expanded tensors be written
            made = view_of(value, x)
            if several and not made._view_kind:
                made._view_kind = "multi"
            return made
    return wrap(value)


def _remember(
    name: str,
    pullback: Pullback,
    inputs: tuple[Any, ...],
    edges: tuple[Edge | None, ...],
    outputs: tuple[Tensor, ...],
    values: tuple[Any, ...],
) -> tuple[Node, bool]:
    """Records the call in the graph: some input wants a gradient."""
    kept = needed_only(pullback, edges)
    node = Node(backward_name(name), kept, edges, metas_of(inputs), cast(Any, metas_of(outputs)))
    known = memories_of(inputs)
    for slot, (made, value) in enumerate(zip(outputs, values, strict=True)):
        if made.array.dtype.kind in "fc":
            made.rehistory(node, slot)
        if isinstance(value, np.ndarray) and made._base is None:
            known.append((owner(value), made.counter, slot, node.name_))
    node.saved, between = saved_memories(kept, known)
    # What numpy makes of a 0-dim array is a number, which nobody can tell from a constant later.
    numbers = any(edge is not None and not x.array.ndim for x, edge in zip(inputs, edges, strict=True))
    return node, between or numbers


__all__ = [
    "Function",
    "Op",
    "Variable",
    "backward",
    "enable_grad",
    "grad",
    "inference_mode",
    "is_grad_enabled",
    "no_grad",
    "once_differentiable",
    "op",
    "set_grad_enabled",
]
