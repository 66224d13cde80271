"""What a model is called that is written as functions: by its docstrings, else by how the functions' names begin."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SAID = re.compile(r"Initial (?:parameters|buffers) of (\w+)\.")


def model_name(stem: str, docstrings: Iterable[str | None]) -> str:
    """`stem` is what `…forward` and `…init_params` begin with; `docstrings` are those of the latter."""
    said = next((match[1] for text in docstrings if text and (match := _SAID.search(text))), None)
    return said or "".join(word.title() for word in stem.split("_")) or "Net"
