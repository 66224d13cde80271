"""Hazards: a function per hazard, each reads a Scene and yields findings. `CHECKS` lists them."""

from __future__ import annotations

from ..diagnostics import Diagnostic
from ..source import Source
from .arguments import find_missing_arguments
from .dataflow import find_dropped_values, find_early_flattening
from .mode import find_fixed_mode
from .scene import Scene
from .weights import find_misshapen_weights

CHECKS = (
    find_fixed_mode,
    find_missing_arguments,
    find_misshapen_weights,
    find_dropped_values,
    find_early_flattening,
)


def check(text: str, path: str = "<string>") -> tuple[Diagnostic, ...]:
    """Every hazard of a file, in order of place. Raises CannotRead where the text is not Python."""
    scene = Scene(Source(text, path))
    found = {finding for find in CHECKS for finding in find(scene)}
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.column, finding.code)))
