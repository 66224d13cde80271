"""What methods of a tensor, and the functions of torch that have their names, give back: one tensor, several, a number.

`x.flatten(2)` and `torch.flatten(x, 2)` are one operation on `x`, of which something may be known.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..value import TENSOR, WHOLE, Array, Row, Value, tensor

_SAME = frozenset(
    """
    abs abs_ acos add_ argsort asin atan bernoulli bernoulli_ bfloat16 bool ceil clamp_ clamp_max_ clamp_min_ clone
    contiguous copy_ cos cosh cpu cuda cumprod cumsum detach detach_ diff div_ double empty_like erf erfinv exp exp_
    exp2 expm1 fill_ flip float floor frac full_like grid_sample gumbel_softmax half hardshrink index_fill index_select
    int log log10 log1p log2 log_softmax logical_not logit long masked_fill_ moveaxis movedim mul_ nan_to_num
    nan_to_num_ narrow neg normal_ normalize ones_like pow_ prelu rand_like randn_like reciprocal relu relu_
    requires_grad_ roll roll_ round rsqrt scatter scatter_ scatter_add scatter_add_ sgn sigmoid sigmoid_ sign sin sinh
    softmax softplus sqrt sqrt_ square sub_ swapaxes swapdims t tan tanh tanh_ to transpose transpose_ tril triu trunc
    type_as uniform_ zero_ zeros_like
    """.split()  # noqa: SIM905
)
"""They give one tensor with as many axes."""

BROADCAST = frozenset(
    """
    add atan2 div eq fmod ge gt le logical_and logical_or lt maximum minimum mul multiply ne pow remainder sub subtract
    true_divide
    """.split()  # noqa: SIM905
)
"""They give one tensor with as many axes as the argument that has more."""

_FEWER = frozenset(
    """
    all amax amin any argmax argmin cosine_similarity count_nonzero logsumexp mean norm nanmean nansum prod squeeze
    squeeze_ std sum var
    """.split()  # noqa: SIM905
)
"""They give one tensor, which has no more axes."""

_ONE = frozenset(
    """
    addbmm addmm baddbmm bincount cdist cross diag diag_embed diagonal dist dot einsum expand_as gather ger index_add
    kron lerp masked_fill masked_select mm multinomial mv new_empty new_full new_ones new_tensor new_zeros outer
    repeat_interleave reshape_as scaled_dot_product_attention take take_along_dim tensordot trace unflatten unfold
    view_as
    """.split()  # noqa: SIM905
)
"""They give one tensor."""

_PAIRS = frozenset("cummax cummin sort std_mean topk var_mean".split())  # noqa: SIM905
_SPLITS = {"chunk": 0, "split": 0, "split_with_sizes": 0, "tensor_split": 0, "unbind": -1}
"""They give a tuple of tensors, of which each has so many axes more."""
RESHAPING = ("unsqueeze_(", "squeeze_(", "resize_(", "resize_as_(", "set_(")
"""What gives a tensor another number of axes, under all its names."""

_NUMBERS = frozenset({"dim", "ndimension", "nelement", "numel"})

Ask = Callable[[ast.expr], Value | None]


@dataclass(frozen=True)
class Operation:
    """A call of an operation: its name, what is known of the tensor it begins with, and its other arguments."""

    name: str
    owner: Array
    args: Sequence[ast.expr]
    keywords: Mapping[str, ast.expr]
    ask: Ask

    def constant(self, place: int, name: str) -> int | None:
        """An argument that is a whole number in the text."""
        node = self.args[place] if place < len(self.args) else self.keywords.get(name)
        match node:
            case ast.Constant(value=int(value)) if not isinstance(value, bool):
                return value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
                return -value
            case _:
                return None


def operated(call: Operation) -> Value | None:
    """What the operation gives; None for a name that is none, or does not always give the same kind of value."""
    name, owner = call.name, call.owner
    if name in _SAME:
        return owner
    if name in BROADCAST:
        return broadcast(owner, call.ask(call.args[0]) if len(call.args) == 1 else None)
    if name in _FEWER:
        return Array(owner.tensor, 0, owner.most)
    if name in _ONE:
        return Array(owner.tensor)
    if name in _SPLITS:
        return Row(None, owner.shifted(_SPLITS[name]))
    if name in _PAIRS:
        return Row((Array(owner.tensor, 0, owner.most),) * 2)
    if name in _NUMBERS:
        return WHOLE
    rule = _RULES.get(name)
    return rule(call) if rule is not None else None


def broadcast(one: Array, other: Value | None) -> Array:
    """Two tensors, or a tensor and a number, element by element."""
    if isinstance(other, Array):
        most = None if one.most is None or other.most is None else max(one.most, other.most)
        return Array(one.tensor, max(one.least, other.least), most)
    return Array(one.tensor, one.least, None if other is None else one.most)


def multiplied(one: Array, other: Value | None, *, certain: bool) -> Array:
    """A matrix product: with two axes or more on both sides the batch axes are broadcast."""
    if isinstance(other, Array) and min(one.least, other.least) >= 2:
        both = broadcast(one, other)
        return Array(certain, both.least, both.most)
    return Array(certain)


def counted(sizes: Sequence[ast.expr], ask: Ask) -> tuple[int, int | None]:
    """How many axes sizes stand for, given one by one or as one tuple: at least, and at most."""
    match sizes:
        case [ast.Tuple(elts=inner) | ast.List(elts=inner)]:
            return counted_each(inner, ask)
        case [ast.Starred()]:
            return counted_each(sizes, ask)
        case [only]:
            match ask(only):
                case Row(parts=parts) if parts is not None:
                    return len(parts), len(parts)
                case value:
                    return (1, 1) if value == WHOLE or isinstance(only, ast.Constant) else (0, None)
        case _:
            return counted_each(sizes, ask)


def counted_each(sizes: Sequence[ast.expr], ask: Ask) -> tuple[int, int | None]:
    """Sizes one by one, some of which may be starred tuples."""
    least, exact = 0, True
    for size in sizes:
        held = ask(size.value) if isinstance(size, ast.Starred) else None
        if not isinstance(size, ast.Starred):
            least += 1
        elif isinstance(held, Row) and held.parts is not None:
            least += len(held.parts)
        else:
            exact = False
    return least, least if exact else None


def _sized(call: Operation) -> Array:
    return Array(call.owner.tensor, *counted(call.args, call.ask))


def _permuted(call: Operation) -> Array:
    least, most = counted(call.args, call.ask)
    return call.owner.within(least, most)


def _flattened(call: Operation) -> Array:
    start = 0 if not call.args and "start_dim" not in call.keywords else call.constant(0, "start_dim")
    end = -1 if len(call.args) < 2 and "end_dim" not in call.keywords else call.constant(1, "end_dim")
    if start is not None and start >= 0 and end == -1:
        return Array(call.owner.tensor, start + 1, start + 1)
    if start is not None and end is not None and end >= start >= 0:
        return call.owner.within(end + 1).shifted(start - end)
    if start is not None and end is not None and start <= end < 0:
        return call.owner.within(-start).shifted(start - end)
    return Array(call.owner.tensor, 1, call.owner.most)


def _extreme(call: Operation) -> Value | None:
    """`x.max()` is a tensor, `x.max(1)` two of them, `x.max(y)` one."""
    if not call.args and not call.keywords:
        return Array(call.owner.tensor, 0, 0)
    if call.constant(0, "dim") is not None:
        return Row((Array(call.owner.tensor, 0, call.owner.most),) * 2)
    return None


def _size(call: Operation) -> Value:
    return WHOLE if call.args or call.keywords else shape_of(call.owner)


def _typed(call: Operation) -> Value | None:
    return call.owner if call.args or call.keywords else None  # x.type() is a string


def _limited(call: Operation) -> Value:
    """Limits may be tensors, which are broadcast."""
    plain = all(isinstance(one, (ast.Constant, ast.UnaryOp)) for one in (*call.args, *call.keywords.values()))
    return call.owner if plain else Array(call.owner.tensor, call.owner.least)


def _where(call: Operation) -> Value | None:
    return TENSOR if len(call.args) == 2 else None


def shape_of(owner: Array) -> Row:
    """`x.shape`: as many numbers as it has axes."""
    return Row(None, WHOLE) if owner.rank is None else Row((WHOLE,) * owner.rank)


_RULES: Mapping[str, Callable[[Operation], Value | None]] = {
    **dict.fromkeys(("view", "reshape", "expand", "repeat"), _sized),
    "permute": _permuted,
    "flatten": _flattened,
    "ravel": lambda call: Array(call.owner.tensor, 1, 1),
    "unsqueeze": lambda call: call.owner.shifted(1),
    "unsqueeze_": lambda call: call.owner.shifted(1),
    "one_hot": lambda call: call.owner.shifted(1),
    "select": lambda call: call.owner.within(1).shifted(-1),
    "mm": lambda call: Array(call.owner.tensor, 2, 2),
    "bmm": lambda call: Array(call.owner.tensor, 3, 3),
    "matmul": lambda call: multiplied(
        call.owner, call.ask(call.args[0]) if call.args else None, certain=call.owner.tensor
    ),
    "max": _extreme,
    "min": _extreme,
    "median": _extreme,
    "size": _size,
    "type": _typed,
    "where": _where,
    **dict.fromkeys(("clamp", "clamp_min", "clamp_max", "clip"), _limited),
}


def named_operations() -> frozenset[str]:
    """The names of all operations that begin with a tensor."""
    return frozenset({*_SAME, *BROADCAST, *_FEWER, *_ONE, *_SPLITS, *_PAIRS, *_NUMBERS, *_RULES})


def made(name: str, args: Sequence[ast.expr], keywords: Mapping[str, ast.expr], ask: Ask) -> Value | None:
    """What a function gives that begins with no tensor: `torch.zeros(2, 3)`, `torch.cat((a, b), 1)`, an einsum."""
    match name:
        case "zeros" | "ones" | "rand" | "randn" | "empty":
            return tensor(*counted(args or [keywords["size"]] if "size" in keywords else args, ask))
        case "arange" | "linspace" | "logspace" | "randperm":
            return tensor(1, 1)
        case "eye":
            return tensor(2, 2)
        case "tensor" | "as_tensor" | "from_numpy" | "full" | "randint" | "normal" | "Tensor" | "FloatTensor":
            return TENSOR
        case "cat" | "concat" | "concatenate" | "stack" | "hstack" | "vstack":
            return _together(name, args, ask)
        case "einsum":
            return _summed(args)
        case "meshgrid" | "broadcast_tensors":
            return Row(None, TENSOR)
        case _:
            return None


def _together(name: str, args: Sequence[ast.expr], ask: Ask) -> Array:
    held = ask(args[0]) if args else None
    each = held.any_part() if isinstance(held, Row) else None
    if not isinstance(each, Array) or name in {"hstack", "vstack"}:
        return tensor(1)
    # an empty tensor of one axis joins tensors of any rank
    most = None if each.rank is None else each.most
    return tensor(each.least, most).shifted(1 if name == "stack" else 0)


def _summed(args: Sequence[ast.expr]) -> Array:
    match args:
        case [ast.Constant(value=str(text)), *_] if "->" in text and "." not in text:
            count = len(text.partition("->")[2].replace(" ", ""))
            return tensor(count, count)
        case _:
            return TENSOR
