"""Which of the torch names a file uses the backend does not have."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

_ABSENT = object()


def missing_names(used: Sequence[str], torch: Any) -> list[str]:
    """Those of the dotted names ("torch.nn.functional.conv9d") that cannot be reached from torch."""
    return [name for name in used if not _reachable(name, torch)]


def _reachable(name: str, torch: Any) -> bool:
    value: Any = torch
    parts = name.split(".")
    for index, part in enumerate(parts[1:], start=2):
        try:
            found = getattr(value, part, _ABSENT)
        except Exception:
            found = _ABSENT
        value = _imported(".".join(parts[:index])) if found is _ABSENT else found
        if value is None:
            return False
    return True


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except Exception:
        return None
