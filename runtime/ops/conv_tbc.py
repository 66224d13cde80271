"""`conv_tbc`: one-dimensional convolution with time first and channels last."""

from __future__ import annotations

from ..array import Answer, Array
from ..autograd import op
from ..summed import summed
from ..tensor import Tensor
from .conv import convolve
from .correlation import Geometry

__all__ = ["conv_tbc"]


@op
def _conv_tbc(x: Array, w: Array, b: Array, *, pad: int) -> Answer:
    y, rules = convolve(
        x.transpose(1, 2, 0), w.transpose(2, 1, 0), b, 1, Geometry(w.shape[:1], (1,), ((pad, pad),), (1,))
    )
    assert isinstance(rules, tuple)
    to_x, to_w, _ = rules
    assert to_x
    assert to_w
    return y.transpose(2, 0, 1), (
        lambda g: to_x(g.transpose(1, 2, 0)).transpose(2, 0, 1),
        lambda g: to_w(g.transpose(1, 2, 0)).transpose(2, 1, 0),
        lambda g: summed(g, (0, 1)),
    )


def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor, pad: int = 0) -> Tensor:
    """``input`` (T, N, C) with ``weight`` (k, C, O) and ``bias`` (O): (T', N, O)."""
    for name, tensor, rank in (("Input", input, 3), ("Weight", weight, 3), ("Bias", bias, 1)):
        if tensor.ndim != rank:
            raise RuntimeError(f"{name} must have {rank} dims: " + ("time, batch, in_channel" if rank == 3 else ""))
    if input.shape[2] != weight.shape[1]:
        raise RuntimeError("Input dim 2 (input channels) is not == dim 1 in the weight tensor")
    if weight.shape[2] != bias.shape[0]:
        raise RuntimeError("Bias size must equal dim 2 in the weight tensor (output channels).")
    return _conv_tbc(input, weight, bias, pad=pad)
