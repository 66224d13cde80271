"""`torch.backends`: switches that models set. They are kept and change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .missing import refusing


class Backend:
    """A set of switches; `enabled`, `benchmark`, `deterministic`, `allow_tf32` and whatever is set."""

    def __init__(self, **switches: Any) -> None:
        vars(self).update(switches)

    def is_available(self) -> bool:
        """Whether the backend computes anything here: no."""
        return False

    def is_built(self) -> bool:
        """Whether the backend is built in: no."""
        return False


class Cudnn(Backend):
    """cuDNN's switches, and its version: there is none."""

    def version(self) -> None:
        """None."""

    @contextmanager
    def flags(self, **switches: Any) -> Iterator[None]:
        """Switches for a while: they are kept and change nothing."""
        before = dict(vars(self))
        vars(self).update(switches)
        try:
            yield
        finally:
            vars(self).clear()
            vars(self).update(before)


cudnn = Cudnn(enabled=True, benchmark=False, deterministic=False, allow_tf32=True)
cuda = Backend(matmul=Backend(allow_tf32=False))
mps = Backend()
mkldnn = Backend(enabled=True)
opt_einsum = Backend(enabled=True, strategy="auto")

__getattr__ = refusing("torch.backends")
