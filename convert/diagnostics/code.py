"""One row of the table of codes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """One row: `says` is a template filled from keyword facts; the slug names the pattern found, never the cure."""

    code: str
    slug: str
    says: str
    why: str
    cure: str
