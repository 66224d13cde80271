"""Where a place of a rewritten text was in the text that it came from, and what was written there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from difflib import SequenceMatcher

from ..outcome import ModelOutcome

_HELD = re.compile(r"""(?:params|buffers)(?:\.get\(|\[)f?["'](?:\{prefix\})?([\w.]+)["'][\])]""")
_QUOTED = re.compile(r"^`(.*)`")
_OF_SELF = re.compile(r"\bself\.(?:register_buffer\([\"'])?(\w+)")


class Origin:
    """Line of the new text → line of the old one: the same line, or the nearest above it that both have."""

    def __init__(self, old: str, new: str) -> None:
        matcher = SequenceMatcher(None, _rows(old), _rows(new), autojunk=False)
        self._blocks = matcher.get_matching_blocks()

    def line(self, number: int) -> int:
        """The old line, counted from 1."""
        found = 1
        for block in self._blocks:
            if block.b > number - 1 or not block.size:
                break
            found = block.a + min(number - 1 - block.b, block.size - 1) + 1
        return found

    def told_of(self, model: ModelOutcome) -> ModelOutcome:
        """What became of a class of the new text, with the lines of the old one."""
        converted = tuple(replace(one, line=self.line(one.line)) for one in model.converted)
        kept = tuple(replace(one, line=self.line(one.line)) for one in model.kept)
        return replace(model, line=self.line(model.line), converted=converted, kept=kept)


def in_words_of(old: str, reason: str, keys: Mapping[str, str]) -> str:
    """A reason with the names of the old text, where `keys` are new → old. What only the new one has is not quoted."""
    named = re.sub(r"\bself\.(\w+)", lambda match: f"self.{keys.get(match[1], match[1])}", reason)
    quoted = _QUOTED.match(named)
    if quoted is None or quoted[1] in " ".join(old.split()):
        return named
    if quoted[1] == "self.reset_parameters()":  # a method that the new text has for what layers do by themselves
        return "the first values of its layers cannot be written into its __init__"
    return f"a statement{named[quoted.end() :]}"


def _rows(text: str) -> list[str]:
    """Lines as they read in either form: `params["fc.weight"]` like `self.fc_weight`, definitions by their name."""
    return [_row(row) for row in text.splitlines()]


def _row(row: str) -> str:
    if "[" not in row and "." not in row:
        return row.strip()
    plain = _HELD.sub(lambda match: match[1].replace(".", "_"), row.strip())
    plain = _OF_SELF.sub(r"\1", plain)
    defined = re.match(r"(\w+)(?: *= (?:\w+\.)*Parameter\(| *= (?:\w+\.)+[A-Z]\w*\(| *= torch\.|[\"'], )", plain)
    return f"{defined[1]} = " if defined else plain
