"""NF4xx: what verification found."""

from __future__ import annotations

from .code import Code

VERDICTS: tuple[Code, ...] = ()
