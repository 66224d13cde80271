"""Bytes become text and text bytes again, without a loss: byte order mark, PEP 263 encoding and line ends are kept.

The engine sees line ends as `\\n` only, as Python's own tokenizer does; `SourceText.encode` gives every line that was
not touched its own line end back, so that `source.encode(source.text) == source.raw` always.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from tokenize import detect_encoding

from ..diagnostics import diagnose
from ..outcome import CannotRead

_LINE_END = re.compile(r"\r\n|\r|\n")
_BYTE_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|$)")
_WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class SourceText:
    """One file as it was read: its bytes, its text with `\\n` line ends, and what leads from one to the other.

    `ends` holds the line end of every line in order; a file of one kind holds that kind once.
    """

    raw: bytes
    text: str
    encoding: str = "utf-8"
    mark: bytes = b""
    ends: tuple[str, ...] = ("\n",)

    def encode(self, text: str) -> bytes:
        """The bytes of another text in this file's encoding and line ends.

        Raises UnicodeEncodeError if the text holds a character that the encoding lacks.
        """
        return self.mark + self.with_line_ends(text).encode(self.encoding)

    def with_line_ends(self, text: str) -> str:
        """`text`, which has `\\n` line ends, with the line ends of this file."""
        if len(self.ends) == 1:
            return text if self.ends[0] == "\n" else text.replace("\n", self.ends[0])
        lines = text.split("\n")
        ends = list(self.ends) if text == self.text else _follow(self.text.split("\n"), lines, self.ends)
        return "".join(line + end for line, end in zip(lines, [*ends, ""], strict=True))


def decode(raw: bytes) -> SourceText:
    """Read the bytes of a Python file as Python does.

    Raises CannotRead (unreadable-file) if Python could not, or if the text would not come back whole.
    """
    mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    encoding = _encoding_of(raw)
    body = raw[len(mark) :]
    try:
        whole = body.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(body, encoding, error) from None
    except (LookupError, UnicodeError):
        raise _cannot_read(1, f"`{encoding}` is not an encoding of text") from None
    ends = tuple(_LINE_END.findall(whole))
    if len(set(ends)) <= 1:
        ends = ends[:1] or ("\n",)
    source = SourceText(raw, _LINE_END.sub("\n", whole), encoding, mark, ends)
    if not _comes_back(source):
        raise _cannot_read(1, f"decoding as {encoding} and encoding again gives other bytes")
    return source


def _encoding_of(raw: bytes) -> str:
    # detect_encoding reads lines that end in \n only; Python's tokenizer also ends them at \r.
    lines = _first_lines(raw)
    try:
        encoding, _ = detect_encoding(lambda: next(lines, b""))
    except SyntaxError as error:
        said = str(error)
        # detect_encoding complains of bytes that are not UTF-8 too: leave those to the decoding, which knows the line.
        if "invalid or missing encoding declaration" in said:
            return "utf-8"
        raise _cannot_read(1, said) from None
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _first_lines(raw: bytes) -> Iterator[bytes]:
    position = 0
    for _ in range(2):
        found = _BYTE_LINE.match(raw, position)
        assert found is not None
        position = found.end()
        yield re.sub(rb"\r\n?\Z", b"\n", found.group())


def _undecodable(body: bytes, encoding: str, error: UnicodeDecodeError) -> CannotRead:
    before = body[: error.start]
    line = 1 + len(re.findall(rb"\r\n|\r|\n", before))
    if error.start == 0 and body.startswith(_WIDE_MARKS):
        message = "the file begins with a UTF-16 or UTF-32 byte order mark, which Python does not read"
    else:
        message = f"byte 0x{body[error.start]:02x} is not {encoding}"
    return _cannot_read(line, message)


def _cannot_read(line: int, reason: str) -> CannotRead:
    return CannotRead(diagnose("NF103", line, 0, reason=reason))


def _comes_back(source: SourceText) -> bool:
    try:
        return source.encode(source.text) == source.raw
    except UnicodeError:
        return False


def _follow(old: list[str], new: list[str], ends: tuple[str, ...]) -> list[str]:
    """The line end after each line of `new` but the last: that of the same line of `old`, or of its neighbour."""
    found: list[str] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=len(old) > 2000).get_opcodes():
        for offset in range(j2 - j1):
            origin = i1 + offset if tag != "insert" else i1 - 1
            origin = max(0, min(origin, max(i2 - 1, i1 - 1), len(ends) - 1))
            found.append(ends[origin])
    return found[: len(new) - 1]
