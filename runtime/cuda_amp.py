"""`torch.cuda.amp`, the old spelling of `torch.amp` on cuda: switched off where there is no CUDA."""

from __future__ import annotations

from .amp import GradScaler as GradScaler
from .amp import autocast as _autocast
from .amp import custom_bwd as custom_bwd
from .amp import custom_fwd as custom_fwd
from .dtypes import dtype, float16
from .missing import refusing


class autocast(_autocast):
    """`torch.amp.autocast("cuda", ...)`."""

    def __init__(self, enabled: bool = True, dtype: dtype = float16, cache_enabled: bool = True) -> None:
        super().__init__("cuda", dtype, enabled, cache_enabled)


__getattr__ = refusing("torch.cuda.amp")
