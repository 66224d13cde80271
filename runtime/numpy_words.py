"""numpy's words for arguments, which torch's native functions take as well: `x.mean(axis=1, keepdims=True)`."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

_WORDS = {"axis": "dim", "keepdims": "keepdim"}
OF_PYTHON = frozenset({"norm", "split", "unique", "unique_consecutive"})
"""What torch has written in Python: it takes its own words alone."""
METHODS_OF_PYTHON = OF_PYTHON | {"unflatten"}


def takes_numpy_words(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which takes `axis` for its `dim` and `keepdims` for its `keepdim`; itself if it has neither."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] if code else ()
    words = {word: name for word, name in _WORDS.items() if name in names}
    if not words:
        return function

    @functools.wraps(function)
    def spoken(*args: Any, **named: Any) -> Any:
        for word, name in words.items():
            if word in named and name not in named:
                named[name] = named.pop(word)
        return function(*args, **named)

    return spoken


def speak_numpy(names: dict[str, Any], *, but: frozenset[str] = frozenset()) -> None:
    """Makes the functions of a module take numpy's words, all but some."""
    for name, what in names.items():
        if name[0] != "_" and name not in but and not isinstance(what, type) and callable(what):
            names[name] = takes_numpy_words(what)
