"""`torch.amp`: autocast and gradient scaling on a CPU that computes what it is given: both are switched off."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from .dtypes import bfloat16, dtype, float16
from .missing import MissingUse, refusing

T = TypeVar("T")


class autocast:
    """`autocast("cuda")` warns and does nothing, as a torch without CUDA does.

    `autocast("cpu")` would compute in bfloat16, which numpy has not: MissingUse on entering, unless enabled=False.
    """

    def __init__(
        self, device_type: str, dtype: dtype | None = None, enabled: bool = True, cache_enabled: bool | None = None
    ) -> None:
        if not isinstance(device_type, str):
            raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
        self.device = device_type
        self.fast_dtype = bfloat16 if dtype is None else dtype
        if device_type == "cuda" and enabled:
            warnings.warn(
                "User provided device_type of 'cuda', but CUDA is not available. Disabling", UserWarning, stacklevel=2
            )
            enabled = False
        self._enabled = enabled

    def __enter__(self) -> autocast:
        if self._enabled:
            raise MissingUse(f"torch.autocast on {self.device}, which computes in {self.fast_dtype},")
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def __call__(self, func: Callable[..., T]) -> Callable[..., T]:
        @functools.wraps(func)
        def wrapped(*args: Any, **kwargs: Any) -> T:
            with self:
                return func(*args, **kwargs)

        return wrapped


class GradScaler:
    """Scales no loss: without CUDA it is disabled, in torch too."""

    def __init__(self, device: str = "cuda", *_: Any, enabled: bool = True, **__: Any) -> None:
        if enabled and device == "cuda":
            warnings.warn("torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  Disabling.", stacklevel=2)
        elif enabled:
            raise RuntimeError("GradScaler has nothing to scale in this runtime: it has no half precision arithmetic")

    def scale(self, outputs: T) -> T:
        """The outputs."""
        return outputs

    def unscale_(self, optimizer: Any) -> None:
        """Nothing to do."""

    def step(self, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        """The optimizer's step."""
        return optimizer.step(*args, **kwargs)

    def update(self, new_scale: Any = None) -> None:
        """Nothing to do."""

    def is_enabled(self) -> bool:
        """False."""
        return False

    def get_scale(self) -> float:
        """1."""
        return 1.0

    def state_dict(self) -> dict[str, Any]:
        """Empty, as a disabled scaler's."""
        return {}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Nothing to do."""


def is_autocast_available(device_type: str) -> bool:
    """False: nothing is cast here."""
    return False


def is_autocast_enabled(device_type: str | None = None) -> bool:
    """False: nothing is cast here."""
    return False


is_autocast_cpu_enabled = is_autocast_enabled


def get_autocast_dtype(device_type: str = "cuda") -> dtype:
    """What autocast would cast to there."""
    return float16 if device_type == "cuda" else bfloat16


def get_autocast_gpu_dtype() -> dtype:
    """float16."""
    return float16


def get_autocast_cpu_dtype() -> dtype:
    """bfloat16."""
    return bfloat16


def is_autocast_cache_enabled() -> bool:
    """True, as in torch unless somebody switches it off."""
    return True


def clear_autocast_cache() -> None:
    """Nothing to clear."""


def custom_fwd(fwd: Any = None, **_: Any) -> Any:
    """Decorator, with or without arguments: the function as it is."""
    return fwd if fwd is not None else lambda function: function


custom_bwd = custom_fwd

__getattr__ = refusing("torch.amp")
