"""`one_hot`: class numbers as rows of 0 and 1."""

from __future__ import annotations

import numpy as np

from ..array import Answer, Array
from ..autograd import op
from ..tensor import Tensor

__all__ = ["one_hot"]


@op
def _one_hot(index: Array, *, num_classes: int) -> Answer:
    return (index[..., None] == np.arange(num_classes)).astype(np.int64), None


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """``tensor`` (*) of class numbers as (*, num_classes) of 0 and 1; -1 takes one more than the largest."""
    if tensor.dtype.name != "int64":
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    values = tensor.array
    if not values.size and num_classes <= 0:
        raise RuntimeError("Can not infer total number of classes from empty tensor.")
    if values.size and values.min() < 0:
        raise RuntimeError("Class values must be non-negative.")
    if num_classes == -1:
        num_classes = int(values.max()) + 1
    elif num_classes < 1:
        raise RuntimeError("num_classes should be positive")
    elif values.size and values.max() >= num_classes:
        raise RuntimeError("Class values must be smaller than num_classes.")
    return _one_hot(tensor, num_classes=num_classes)
