"""`# nnflip: ignore[NF301]`, `# nnflip: ignore[dropout-always-on, NF307]` and bare `# nnflip: ignore`.

A comment speaks of findings on its own line; at the end of a statement of several lines, of all that stands in it.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable

from ..diagnostics import Diagnostic
from ..diagnostics.words import UnknownCode, code_words, is_named

_COMMENT = re.compile(r"#\s*nnflip:\s*ignore(?![\w-])\s*(?:\[(?P<words>[^\]]*)\])?", re.IGNORECASE)
_EVERY = ("NF",)


def without_ignored(text: str, findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings that no comment of the file asks to be silent about."""
    listed = tuple(findings)
    if not listed or not _COMMENT.search(text):
        return listed
    asked = _words_by_line(text)
    return tuple(found for found in listed if not is_named(found, asked.get(found.line, ())))


def _words_by_line(text: str) -> dict[int, tuple[str, ...]]:
    """Line → what is ignored there."""
    asked: dict[int, tuple[str, ...]] = {}
    first = 0  # where the statement begins
    last: tuple[int, tuple[str, ...]] = (0, ())  # the latest comment
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            words = _words(token.string)
            asked[token.start[0]] = (*asked.get(token.start[0], ()), *words)
            last = (token.start[0], words)
        elif token.type == tokenize.NEWLINE:
            if last[0] == token.start[0] and first:
                for line in range(first, token.start[0]):
                    asked[line] = (*asked.get(line, ()), *last[1])
            first = 0
        elif token.type not in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT) and not first:
            first = token.start[0]
    return asked


def _words(comment: str) -> tuple[str, ...]:
    """What one comment names; a word that names no code silences nothing."""
    found = _COMMENT.search(comment)
    if found is None:
        return ()
    if found["words"] is None:
        return _EVERY
    words: list[str] = []
    for word in found["words"].split(","):
        try:
            words += code_words([word])
        except UnknownCode:
            continue
    return tuple(words)
