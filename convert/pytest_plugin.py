"""The pytest plugin: `assert_equivalent(A, B, ...)` in a test, as a fixture or imported from here.

def test_refactoring(assert_equivalent):
    assert_equivalent("net.py", "net_functional.py", inputs={"x": "float32[2,3,32,32]"})
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .verify.result import VerifyResult

Version = str | Path | type[Any]


def assert_equivalent(a: Version, b: Version | None = None, *, to: str | None = None, **options: Any) -> VerifyResult:
    """Fails unless two versions of a model are proven or found equal; the other version may be the conversion `to`.

    A version is a file, or a class that a file defines. `map` is a report of convert; further options are those of
    `verify_files` (backend, seeds, inputs, init_args, models, close_ok, timeout, memory_mb). Raises ValueError for a
    version that cannot be read.
    """
    __tracebackhide__ = True
    from .cli.versions import CannotCompare, allow_close, own_conversion, read_map, read_program
    from .report.paint import Paint
    from .report.verdicts import Version as Shown
    from .report.verdicts import verdict_lines
    from .verify.request import Request
    from .verify.session import verify
    from .verify.task import Task

    if (b is None) == (to is None):
        raise ValueError("give two versions, or one and to=STYLE")
    report = options.pop("map", None)
    options.update(_models(a, b))
    try:
        first = read_program(_file(a))
        second, maps = own_conversion(first, str(to)) if b is None else (read_program(_file(b)), None)
        maps = read_map(Path(report), str(a)) if report else maps
        request = allow_close(Request(**options), Path(report) if report else None, str(a))
    except CannotCompare as error:
        raise ValueError(str(error)) from None
    result = verify(Task(first, second, maps, request))
    if result.verdict not in ("proven", "equal"):
        ours, theirs = (Shown(one.path, one.text.split("\n")) for one in (first, second))
        pytest.fail("\n".join(verdict_lines(result, ours, theirs, Paint())), pytrace=False)
    return result


def _file(version: Version) -> Path:
    return Path(inspect.getfile(version)) if isinstance(version, type) else Path(version)


def _models(a: Version, b: Version | None) -> dict[str, dict[str, str]]:
    """Two classes name the models to compare."""
    if isinstance(a, type):
        return {"models": {a.__name__: b.__name__ if isinstance(b, type) else a.__name__}}
    return {}


@pytest.fixture(name="assert_equivalent")
def _assert_equivalent() -> Callable[..., VerifyResult]:
    """`assert_equivalent(a, b)` fails unless two versions of a model compute the same; `to=STYLE` stands in for b."""
    return assert_equivalent
