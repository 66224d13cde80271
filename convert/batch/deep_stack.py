"""Run a function again on a big stack when the usual one is too small for the user's code.

`x.relu().relu()…` a thousand times over is a tree a thousand levels deep; walking it exceeds Python's recursion limit.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

STACK_BYTES = 512 * 2**20
RECURSION_LIMIT = 60_000

T = TypeVar("T")


class TooDeep(Exception):
    """The code is nested more deeply than Python itself can work with."""


def run_deep(function: Callable[[], T]) -> T:
    """`function()`; if that runs out of stack, once more in a thread with a very large one. Raises TooDeep."""
    try:
        return function()
    except (RecursionError, MemoryError):
        pass
    return _in_big_thread(function)


def _in_big_thread(function: Callable[[], T]) -> T:
    results: list[T] = []
    errors: list[BaseException] = []

    def body() -> None:
        try:
            results.append(function())
        except BaseException as error:
            errors.append(error)

    limit, stack = sys.getrecursionlimit(), threading.stack_size(STACK_BYTES)
    try:
        sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
        thread = threading.Thread(target=body, name="deep stack", daemon=True)  # Ctrl-C need not wait for it
        thread.start()
        thread.join()
    except RuntimeError:  # no thread to be had, or no memory for its stack
        raise TooDeep from None
    finally:
        threading.stack_size(stack)
        sys.setrecursionlimit(limit)
    if errors:
        if isinstance(errors[0], (RecursionError, MemoryError)):
            raise TooDeep from None
        raise errors[0]
    return results[0]
