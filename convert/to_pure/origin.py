"""Where a place of a rewritten text was in the text that it came from."""

from __future__ import annotations

from difflib import SequenceMatcher


class Origin:
    """Line of the new text → line of the old one: the same line, or the nearest above it that both have."""

    def __init__(self, old: str, new: str) -> None:
        matcher = SequenceMatcher(None, old.splitlines(), new.splitlines(), autojunk=False)
        self._blocks = matcher.get_matching_blocks()

    def line(self, number: int) -> int:
        """The old line, counted from 1."""
        found = 1
        for block in self._blocks:
            if block.b > number - 1 or not block.size:
                break
            found = block.a + min(number - 1 - block.b, block.size - 1) + 1
        return found
