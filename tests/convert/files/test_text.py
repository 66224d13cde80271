"""Bytes to text and back: nothing is lost, and what Python cannot read is one clear refusal."""

from __future__ import annotations

import ast
import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnflip.convert.files.text import decode
from nnflip.convert.outcome import CannotRead

FILES = {
    "empty": b"",
    "no line end at the end": b"x = 1",
    "one kind: LF": b"x = 1\ny = 2\n",
    "one kind: CRLF": b"x = 1\r\ny = 2\r\n",
    "one kind: CR": b"x = 1\ry = 2\r",
    "mixed line ends": b"x = 1\r\ny = 2\nz = 3\rw = 4",
    "CR CR LF": b"x = 1\r\r\ny = 2\r\r\n",
    "byte order mark": codecs.BOM_UTF8 + b"x = 1\r\n",
    "byte order mark and cookie": codecs.BOM_UTF8 + b"# coding: utf-8\nx = 1\n",
    "only a byte order mark": codecs.BOM_UTF8,
    "latin-1 cookie": "# -*- coding: latin-1 -*-\ns = 'é'\n".encode("latin-1"),
    "cookie on the second line": "#!/usr/bin/python\n# vim: set fileencoding=cp1251 :\ns = 'щ'\n".encode("cp1251"),
    "cookie in a CR-only file": "# first\r# coding: latin-1\rs = 'é'\r".encode("latin-1"),
    "shift_jis": "# coding: shift_jis\ns = '日本'\n".encode("shift_jis"),
    "form feed and vertical tab": b"x = 1\n\x0c\ny = '\x0b'\n",
    "unicode line separators are no line ends": "s = '\u2028\u2029\x85\x1c'\n".encode(),
    "null byte": b"x = 1\x00\n",
}


@pytest.mark.parametrize("raw", FILES.values(), ids=FILES)
def test_text_comes_back_as_the_same_bytes(raw: bytes) -> None:
    source = decode(raw)
    assert source.encode(source.text) == raw
    assert "\r" not in source.text


@pytest.mark.parametrize("raw", [raw for raw in FILES.values() if b"\x00" not in raw])
def test_text_means_to_python_what_the_bytes_mean(raw: bytes) -> None:
    assert ast.dump(ast.parse(decode(raw).text), include_attributes=True) == ast.dump(
        ast.parse(raw), include_attributes=True
    )


def test_crlf_is_given_to_new_lines() -> None:
    assert decode(b"a\r\nb\r\n").encode("a\nnew\nb\n") == b"a\r\nnew\r\nb\r\n"


def test_mixed_line_ends_stay_with_their_lines() -> None:
    source = decode(b"a\r\nb\nc\rd\n")
    assert source.encode("a\nnew\nb\nc\nchanged\n") == b"a\r\nnew\r\nb\nc\rchanged\n"
    assert source.encode("b\nc\n") == b"b\nc\r"


REFUSED = {
    "unknown encoding": (b"# coding: no-such-thing\n", 1, "no-such-thing"),
    "not an encoding of text": (b"# coding: rot13\nk = 1\n", 1, "rot13"),
    "mark and cookie differ": (codecs.BOM_UTF8 + b"# coding: latin-1\n", 1, "utf-8"),
    "bytes that are not utf-8, first line": (b"s = '\xe9'\n", 1, "0xe9"),
    "bytes that are not utf-8, third line": (b"x = 1\r\ny = 2\r\ns = '\xe9'\n", 3, "0xe9"),
    "bytes that are not what the cookie says": (b"# coding: ascii\n\ns = '\xe9'\n", 3, "ascii"),
    "UTF-16": ("import torch\n".encode("utf-16"), 1, "UTF-16"),
    "a binary": (bytes(range(256)), 3, "0x80"),
}


@pytest.mark.parametrize(("raw", "line", "said"), REFUSED.values(), ids=REFUSED)
def test_what_python_cannot_read_is_refused(raw: bytes, line: int, said: str) -> None:
    with pytest.raises(CannotRead) as caught:
        decode(raw)
    found = caught.value.diagnostic
    assert (found.code, found.line) == ("NF103", line)
    assert said in found.message


@given(st.lists(st.tuples(st.sampled_from("abc "), st.sampled_from(["\n", "\r\n", "\r"])), max_size=30), st.data())
def test_every_line_that_stays_keeps_its_end(lines: list[tuple[str, str]], data: st.DataObject) -> None:
    raw = "".join(word + str(number) + end for number, (word, end) in enumerate(lines)).encode()
    source = decode(raw)
    assert source.encode(source.text) == raw
    kept = data.draw(st.lists(st.sampled_from(range(len(lines))), unique=True).map(sorted)) if lines else []
    known = dict(zip(source.text.split("\n"), source.ends if len(source.ends) > 1 else source.ends * 99, strict=False))
    written = source.with_line_ends("".join(f"{lines[n][0]}{n}\n" for n in kept))
    assert written == "".join(f"{lines[n][0]}{n}{known[f'{lines[n][0]}{n}']}" for n in kept)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_whole_or_refused(raw: bytes) -> None:
    try:
        source = decode(raw)
    except CannotRead:
        return
    assert source.encode(source.text) == raw
