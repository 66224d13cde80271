"""CrossMapLRN2d: local response normalisation over neighbouring channels of an image."""

from __future__ import annotations

from ..ops.cross_map import cross_map_norm
from ..tensor import Tensor
from .module import Module

__all__ = ["CrossMapLRN2d"]


class CrossMapLRN2d(Module):
    """(N, C, H, W): each value divided by (k + alpha / size · Σ squares over `size` channels around it) ** beta."""

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1) -> None:
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input: Tensor) -> Tensor:
        return cross_map_norm(input, size=self.size, alpha=self.alpha, beta=self.beta, k=self.k)

    def extra_repr(self) -> str:
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"
