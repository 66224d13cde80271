"""Python's operators and protocols on tensors, by name without underscores; methods.py hangs them on Tensor."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from . import conversions, copies
from .ops import arithmetic, compare, elementwise, index, matmul, parts
from .printing import text_of
from .tensor import Tensor


def _swapped(function: Callable[..., Any]) -> Callable[[Tensor, Any], Any]:
    return lambda self, other: function(other, self)


OPERATORS: dict[str, Callable[..., Any]] = {
    "add": arithmetic.add,
    "radd": _swapped(arithmetic.add),
    "sub": arithmetic.sub,
    "rsub": _swapped(arithmetic.sub),
    "mul": arithmetic.mul,
    "rmul": _swapped(arithmetic.mul),
    "truediv": arithmetic.div,
    "rtruediv": lambda self, other: arithmetic.mul(elementwise.reciprocal(self), other),  # as torch rounds it
    "floordiv": arithmetic.floor_divide,
    "rfloordiv": _swapped(arithmetic.floor_divide),
    "mod": arithmetic.remainder,
    "rmod": _swapped(arithmetic.remainder),
    "pow": arithmetic.pow,
    "rpow": _swapped(arithmetic.pow),
    "eq": compare.eq,
    "ne": compare.ne,
    "lt": compare.lt,
    "le": compare.le,
    "gt": compare.gt,
    "ge": compare.ge,
    "and": compare.bitwise_and,
    "rand": _swapped(compare.bitwise_and),
    "or": compare.bitwise_or,
    "ror": _swapped(compare.bitwise_or),
    "xor": compare.bitwise_xor,
    "rxor": _swapped(compare.bitwise_xor),
    "lshift": compare.bitwise_left_shift,
    "rlshift": _swapped(compare.bitwise_left_shift),
    "rshift": compare.bitwise_right_shift,
    "rrshift": _swapped(compare.bitwise_right_shift),
    "matmul": matmul.matmul,
    "rmatmul": _swapped(matmul.matmul),
    "neg": elementwise.neg,
    "pos": elementwise.positive,
    "abs": elementwise.abs,
    "invert": compare.bitwise_not,
}
"""Python's operators, without their underscores."""

IN_PLACE_OPERATORS = {
    "iadd": "add_", "isub": "sub_", "imul": "mul_", "itruediv": "div_", "ifloordiv": "floor_divide_",
    "imod": "remainder_", "ipow": "pow_", "iand": "bitwise_and_", "ior": "bitwise_or_", "ixor": "bitwise_xor_",
    "ilshift": "bitwise_left_shift_", "irshift": "bitwise_right_shift_",
}  # fmt: skip
"""Python's operator → the method it is."""


def _rows(self: Tensor) -> Iterator[Tensor]:
    """`iter(tensor)`: along the first dim; TypeError for a 0-dim tensor."""
    if not self.array.ndim:
        raise TypeError("iteration over a 0-d tensor")
    return iter(parts.unbind(self, 0))


def _contains(self: Tensor, element: Any) -> bool:
    """`element in tensor`: whether any element equals it; RuntimeError for what is neither tensor nor number."""
    if isinstance(element, (Tensor, bool, int, float, complex)):
        return bool(compare.eq(self, element).array.any())
    raise RuntimeError(f"Tensor.__contains__ only supports Tensor or scalar, but you passed in a {type(element)}.")


PROTOCOLS: dict[str, Callable[..., Any]] = {
    "repr": text_of,
    "format": conversions.formatted,
    "array": conversions.to_array,
    "float": conversions.to_float,
    "int": conversions.to_int,
    "complex": conversions.to_complex,
    "bool": conversions.to_bool,
    "index": conversions.to_index,
    "len": conversions.length,
    "iter": _rows,
    "contains": _contains,
    "getitem": index.getitem,
    "setitem": index.setitem,
    "deepcopy": copies.deep_copied,
    "reduce_ex": copies.reduced,
}
"""Python's other special methods."""


def operator_method(function: Callable[..., Any]) -> Callable[..., Any]:
    """The operator as a method: what it cannot take is left to the other operand, then to Python's TypeError."""

    @functools.wraps(function, assigned=("__doc__",))
    def method(self: Tensor, *other: Any) -> Any:
        if not isinstance(self, Tensor):
            kind = type(self).__name__
            raise TypeError(f"descriptor of 'torch._C.TensorBase' objects doesn't apply to a '{kind}' object")
        if other and other[0] is None:
            return NotImplemented
        try:
            return function(self, *other)
        except TypeError:
            if not other or isinstance(other[0], (Tensor, int, float, complex)):
                raise
            return NotImplemented

    return method
