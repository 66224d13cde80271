"""Verification: two files run side by side in confined processes, and everything a caller could see is compared.

Names are loaded when first asked for: the confined process imports this package too, and needs none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .door import diff_files, verify_files, verify_texts
    from .layers import LayerDiff, Row, rendered
    from .request import BackendName, BadRequest, Request
    from .result import Divergence, Mismatch, ModelVerdict, ModeResult, VerifyResult

_HOMES = {
    "door": ("diff_files", "verify_files", "verify_texts"),
    "layers": ("LayerDiff", "Row", "rendered"),
    "request": ("BackendName", "BadRequest", "Request"),
    "result": ("Divergence", "Mismatch", "ModeResult", "ModelVerdict", "VerifyResult"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f".{home}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "BackendName",
    "BadRequest",
    "Divergence",
    "LayerDiff",
    "Mismatch",
    "ModeResult",
    "ModelVerdict",
    "Request",
    "Row",
    "VerifyResult",
    "diff_files",
    "rendered",
    "verify_files",
    "verify_texts",
]
