"""Whether a value certainly has a batch axis: its exact number of dimensions, from what the text itself counts.

Convolutions and poolings are no witnesses, since they take input without a batch too; they only pass a rank on. What
counts axes is `n, c, h, w = x.shape`, `x.view(n, c, h, w)`, `torch.randn(2, 3, 8, 8)`, and a batch norm's module.
"""

from __future__ import annotations

import ast

from ..ops import Pair
from .model import Model
from .values import axes_of

_KEEPS_RANK = {"activation", "dropout", "conv", "pool", "norm"}


def counted_rank(model: Model, node: ast.expr) -> int | None:
    """The number of dimensions that an expression certainly has; None if nobody counts them."""
    return axes_of(model, node).rank


def keeps_rank(pair: Pair) -> bool:
    """Whether the output has as many axes as the input, whatever that is."""
    return pair.family in _KEEPS_RANK
