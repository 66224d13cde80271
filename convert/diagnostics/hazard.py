"""NF3xx: code that runs but does not do what its author thinks."""

from __future__ import annotations

from .code import Code

HAZARDS: tuple[Code, ...] = ()
