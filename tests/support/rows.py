"""Text of code with every call in one row, for tests of what is called and not of how it is laid out."""

from __future__ import annotations

import re


def in_one_row(text: str) -> str:
    """The text without the line breaks after opening brackets, between arguments and before closing brackets."""
    text = re.sub(r"([(\[])\s*\n\s*", r"\1", text)
    text = re.sub(r",\s*\n\s*([)\]])", r"\1", text)
    text = re.sub(r"\s*\n\s*([)\]])", r"\1", text)
    return re.sub(r",[ \t]*\n\s*", ", ", text)
