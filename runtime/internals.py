"""`torch._C` as far as models ask it: no tracing, no transforms, nothing logged."""

from __future__ import annotations

from typing import Any

from .missing import refusing
from .random.generator import Generator as Generator


def _log_api_usage_once(name: str) -> None:
    """Nothing is logged."""


def _get_tracing_state() -> None:
    """None: nothing is traced."""


def _are_functorch_transforms_active() -> bool:
    """False."""
    return False


def _is_tracing() -> bool:
    """False."""
    return False


def _jit_set_profiling_mode(*args: Any) -> None:
    """Nothing to set."""


_jit_set_profiling_executor = _jit_override_can_fuse_on_cpu = _jit_set_texpr_fuser_enabled = _jit_set_profiling_mode
_jit_override_can_fuse_on_gpu = _jit_set_nvfuser_enabled = _set_graph_executor_optimize = _jit_set_profiling_mode

__getattr__ = refusing("torch._C")
