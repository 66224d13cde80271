"""The byte search that lets most files be left alone before anything is parsed."""

from __future__ import annotations


def may_concern(raw: bytes) -> bool:
    """Whether these bytes can hold anything of ours: every name we rewrite is imported from `torch`."""
    return b"torch" in raw
