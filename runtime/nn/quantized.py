"""torch.ao.nn.quantized, also torch.nn.quantized: FloatFunctional, which makes a module of a sum or a product.

Before quantisation it computes what the function does; only its child `activation_post_process` waits for an observer.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..missing import refusing
from ..ops.arithmetic import add, mul
from ..ops.join import cat
from ..ops.matmul import matmul
from ..tensor import Tensor
from . import functional as F
from .linear import Identity
from .module import Module

__all__ = ["FloatFunctional"]


class FloatFunctional(Module):
    """Operations as methods of a module, so that results can be observed: `self.add.add(x, y)`.

    The result goes through `activation_post_process`, except where the second operand is a number. `forward` raises a
    RuntimeError.
    """

    def __init__(self) -> None:
        super().__init__()
        self.activation_post_process = Identity()

    def forward(self, x: Tensor) -> Tensor:
        raise RuntimeError("FloatFunctional is not intended to use the 'forward'. Please use the underlying operation")

    def add(self, x: Tensor, y: Tensor) -> Tensor:
        """x + y, broadcast and observed."""
        observed: Tensor = self.activation_post_process(add(x, y))
        return observed

    def add_scalar(self, x: Tensor, y: float) -> Tensor:
        """x + y of a number y, not observed."""
        return add(x, y)

    def mul(self, x: Tensor, y: Tensor) -> Tensor:
        """x · y element by element, broadcast and observed."""
        observed: Tensor = self.activation_post_process(mul(x, y))
        return observed

    def mul_scalar(self, x: Tensor, y: float) -> Tensor:
        """x · y of a number y, not observed."""
        return mul(x, y)

    def cat(self, x: Sequence[Tensor], dim: int = 0) -> Tensor:
        """The tensors joined along dim, observed; shapes agree but for that axis."""
        observed: Tensor = self.activation_post_process(cat(x, dim=dim))
        return observed

    def add_relu(self, x: Tensor, y: Tensor) -> Tensor:
        """max(x + y, 0), broadcast and observed."""
        observed: Tensor = self.activation_post_process(F.relu(add(x, y)))
        return observed

    def matmul(self, x: Tensor, y: Tensor) -> Tensor:
        """x @ y, observed: (…, n, m), (…, m, p) → (…, n, p)."""
        observed: Tensor = self.activation_post_process(matmul(x, y))
        return observed


__getattr__ = refusing("torch.ao.nn.quantized")
