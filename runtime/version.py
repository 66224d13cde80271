"""`torch.version`: the version, and of what else torch may be built with, nothing."""

from __future__ import annotations

from .missing import refusing

__version__ = "2.13.0+nnflip"
cuda = hip = xpu = None
debug = False
git_version = "unknown"

__getattr__ = refusing("torch.version")
