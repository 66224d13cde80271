"""Max pooling with windows at random steps: FractionalMaxPool2d/3d."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from . import functional as F
from .module import Module
from .tuples import _pair, _triple

__all__ = ["FractionalMaxPool2d", "FractionalMaxPool3d"]


class _FractionalMaxPoolNd(Module):
    __constants__ = ("kernel_size", "return_indices", "output_size", "output_ratio")
    _kind: str
    _axes: Any

    def __init__(
        self,
        kernel_size: Any,
        output_size: Any = None,
        output_ratio: Any = None,
        return_indices: bool = False,
        _random_samples: Any = None,
    ) -> None:
        super().__init__()
        kind, axes = self._kind, self._axes
        self.kernel_size = axes(kernel_size)
        self.return_indices = return_indices
        self.register_buffer("_random_samples", _random_samples)
        self.output_size = axes(output_size) if output_size is not None else None
        self.output_ratio = axes(output_ratio) if output_ratio is not None else None
        if output_size is None and output_ratio is None:
            raise ValueError(f"{kind} requires specifying either an output size, or a pooling ratio")
        if output_size is not None and output_ratio is not None:
            raise ValueError("only one of output_size and output_ratio may be specified")
        if self.output_ratio is not None and not all(0 < ratio < 1 for ratio in self.output_ratio):
            raise ValueError(f"output_ratio must be between 0 and 1 (got {output_ratio})")

    def _pooled(self, function: Any, input: Tensor) -> Any:
        return function(
            input,
            self.kernel_size,
            self.output_size,
            self.output_ratio,
            self.return_indices,
            _random_samples=self._random_samples,
        )


class FractionalMaxPool2d(_FractionalMaxPoolNd):
    """(N, C, H, W): max pooling with windows at random steps (Graham, 2014)."""

    _kind = "FractionalMaxPool2d"
    _axes = staticmethod(_pair)

    def forward(self, input: Tensor) -> Any:
        return self._pooled(F.fractional_max_pool2d, input)


class FractionalMaxPool3d(_FractionalMaxPoolNd):
    """(N, C, D, H, W): max pooling with windows at random steps (Graham, 2014)."""

    _kind = "FractionalMaxPool3d"
    _axes = staticmethod(_triple)

    def forward(self, input: Tensor) -> Any:
        return self._pooled(F.fractional_max_pool3d, input)
