"""Models that are written as functions: what their functions are handed, and what such a model is called."""

from __future__ import annotations

import re
from collections.abc import Iterable

HANDED = ("params", "buffers")
"""The first arguments of every function that was a method."""

_SAID = re.compile(r"Initial (?:parameters|buffers) of (\w+)\.")


def is_plain_docstring(text: str, name: str) -> bool:
    """Whether a docstring only says whose tensors a function makes."""
    return text in {f"Initial parameters of {name}.", f"Initial buffers of {name}."}


def model_said(docstring: str | None) -> str | None:
    """The model whose tensors a function makes, by what it says of itself."""
    match = _SAID.search(docstring or "")
    return match[1] if match is not None else None


def model_name(stem: str, docstrings: Iterable[str | None]) -> str:
    """By the docstrings of what makes its tensors, else by `stem`, with which the names of its functions begin."""
    said = next((name for text in docstrings if (name := model_said(text)) is not None), None)
    return said or "".join(word.title() for word in stem.split("_")) or "Net"
