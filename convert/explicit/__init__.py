"""Weights passed explicitly → module: functions that are handed their weights become an nn.Module with the same keys.

By way of a class in functional style, whose calls and parameters become layers as those of any other class do. Either
all weights with dots in their keys become layers' weights, or the functions stay as they are, with the reason.
"""

from __future__ import annotations

from ..outcome import Conversion, Options
from ..source import Source
from .inner import Inner as Inner
from .reasons import takes_items, with_reasons
from .stages import with_held
from .units import weighted_calls


def convert_explicit(source: Source, options: Options, inner: Inner) -> Conversion | None:
    """The conversion of a file whose functions take weights; None where it has no such functions.

    By way of `inner`, once all models are classes.
    """
    if _ends_differ(source.text):
        return None
    calls = list(weighted_calls(source))
    found = with_held(source, calls, options, inner)
    if takes_items(calls):
        return with_reasons(source, found or inner.convert(source.text, options, {}), calls)
    return found


def _ends_differ(text: str) -> bool:
    """Whether lines end in more ways than one, or in a carriage return alone."""
    return text.count("\r") not in {0, text.count("\n")} or text.count("\r\n") != text.count("\r")
