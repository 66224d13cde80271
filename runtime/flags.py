"""What a tensor says about its kind: dense, on the CPU, in its own memory. The same for every tensor here."""

from __future__ import annotations

from typing import Any

from .formats import layout, strided
from .tensor import Tensor

FALSE = (
    "is_cuda", "is_sparse", "is_sparse_csr", "is_quantized", "is_mps", "is_mkldnn", "is_nested", "is_xla",
    "is_xpu", "is_vulkan", "is_ipu", "is_maia", "is_mtia",
)  # fmt: skip
"""Attributes that are False."""

FALSE_METHODS = ("is_inference", "is_pinned", "is_shared", "is_neg", "is_distributed", "is_coalesced")
"""Methods that give False."""


def layout_of(self: Tensor) -> layout:
    """torch.strided."""
    return strided


def yes(self: Tensor) -> bool:
    """True."""
    return True


def no(self: Tensor, *args: Any) -> bool:
    """False."""
    return False


def on_cpu(self: Tensor) -> bool:
    """Whether it is on the CPU."""
    return self.device.type == "cpu"


def is_meta(self: Tensor) -> bool:
    """Whether it has no memory."""
    return self.device.type == "meta"


def no_device_index(self: Tensor) -> int:
    """-1, as for every CPU tensor."""
    return -1


def itself(self: Tensor, *args: Any) -> Tensor:
    """The tensor: there is nothing to do for memory that is dense, unpinned and on the CPU."""
    return self
