"""`torch.nn.functional`'s dropout family; what is drawn is torch's, bit for bit. Torch-level names are in masking.py.

All raise ValueError for a p outside [0, 1], and give the input itself back if nothing is to be dropped.
"""

from __future__ import annotations

import warnings

from ..tensor import Tensor
from . import masking

__all__ = ["alpha_dropout", "dropout", "dropout1d", "dropout2d", "dropout3d", "feature_alpha_dropout"]


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Elements become 0 with probability p, the others grow by 1 / (1 − p)."""
    _check(p)
    return (masking.dropout_ if inplace else masking.dropout)(input, p, training)


def alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """Dropout that keeps mean and variance after SELU."""
    _check(p)
    return (masking.alpha_dropout_ if inplace else masking.alpha_dropout)(input, p, training)


def feature_alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """Alpha dropout of whole channels: (N, C, *)."""
    _check(p)
    return (masking.feature_alpha_dropout_ if inplace else masking.feature_alpha_dropout)(input, p, training)


def dropout1d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Dropout of whole channels: (N, C, L) or (C, L); RuntimeError for other ranks."""
    _check(p)
    rank = input.ndim
    if rank not in (2, 3):
        raise RuntimeError(
            f"dropout1d: Expected 2D or 3D input, but received a {rank}D input. Note that dropout1d exists to provide "
            "channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch "
            "dimension (i.e. 2D or 3D inputs)."
        )
    return masking.channel_dropout(input, p, training, rank == 3, inplace)


def dropout2d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Dropout of whole channels: (N, C, H, W). A 3-d input is read as (N, C, L), with a warning, as in torch."""
    _check(p)
    rank = input.ndim
    if rank not in (3, 4):
        warnings.warn(_other_rank("dropout2d", rank, 2, "3D or 4D"), stacklevel=2)
    if rank == 3:
        warnings.warn(
            "dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is desired "
            "- input is interpreted as shape (N, C, L), where C is the channel dim. This behavior will change in a "
            "future release to interpret the input as one without a batch dimension, i.e. shape (C, H, W). To maintain "
            "the 1D channel-wise dropout behavior, please switch to using dropout1d instead.",
            stacklevel=2,
        )
    return masking.channel_dropout(input, p, training, True, inplace)


def dropout3d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Dropout of whole channels: (N, C, D, H, W) or (C, D, H, W); other ranks are warned of and read as the latter."""
    _check(p)
    rank = input.ndim
    if rank not in (4, 5):
        warnings.warn(_other_rank("dropout3d", rank, 3, "4D or 5D"), stacklevel=2)
    return masking.channel_dropout(input, p, training, rank == 5, inplace)


def _check(p: float) -> None:
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


def _other_rank(name: str, rank: int, spatial: int, expected: str) -> str:
    return (
        f"{name}: Received a {rank}-D input to {name}, which is deprecated and will result in an error in a future "
        f"release. To retain the behavior and silence this warning, please use dropout instead. Note that {name} "
        f"exists to provide channel-wise dropout on inputs with {spatial} spatial dimensions, a channel dimension, "
        f"and an optional batch dimension (i.e. {expected} inputs)."
    )
