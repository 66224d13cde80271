"""What goes to the user's screen: results on stdout, everything about them on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from ..report.paint import Paint, clean, paint_for

T = TypeVar("T")

_PROGRESS_FROM = 20


def say(*lines: str) -> None:
    """Print lines on stderr."""
    for line in lines:
        print(line, file=sys.stderr)


def complain(line: str, details: str = "") -> None:
    """Print one line about something that could not be done."""
    say(f"{stderr_paint()('error:', 'red')} {clean(line)}")
    if details:
        say(details.rstrip())


def stderr_paint() -> Paint:
    """The colours of stderr."""
    return paint_for(sys.stderr)


def put(lines: Iterable[str], encoding: str = "utf-8") -> None:
    """Write a result on stdout: readable on a terminal, in the file's own encoding anywhere else."""
    if sys.stdout.isatty():
        known = sys.stdout.encoding
        sys.stdout.writelines(line.encode(known, "replace").decode(known) for line in lines)
        return
    put_bytes("".join(lines).encode(encoding))


def put_bytes(content: bytes) -> None:
    """Write bytes on stdout as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def with_progress(results: Iterable[T], number: int, what: str) -> Iterator[T]:
    """Pass results on; on a terminal, show how many of `number` there were so far."""
    if number < _PROGRESS_FROM or not sys.stderr.isatty():
        yield from results
        return
    for done, result in enumerate(results, 1):
        if done % max(1, number // 200) == 0:
            print(f"\r{what} {done}/{number}", end="", file=sys.stderr, flush=True)
        yield result
    print("\r\x1b[K", end="", file=sys.stderr, flush=True)
