"""Words for what went wrong when a side could not run, and the verdict that follows from it."""

from __future__ import annotations

from typing import Any

from .result import Verdict
from .wire import Message

Trouble = tuple[Verdict, str, str]
"""A verdict, the reason in words, and its code."""


def failure_text(failure: dict[str, Any]) -> str:
    """`forward stops at line 24: RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x800 and 512x10)`."""
    place = f" at line {failure['line']}" if failure["line"] else ""
    what = failure["message"].strip() or "no message"
    if failure["type"] == "MissingArgument":
        return what
    return f"{failure['stage']} stops{place}: {failure['type']}: {what}"


def alike(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether both sides stop in the same way: the line may differ, the file is another one."""
    return all(a[key] == b[key] for key in ("stage", "type", "message"))


def lacking(a: Message, b: Message, backend: str) -> str:
    """All the torch names the two files use and the backend lacks, as one sentence; empty if none."""
    names = sorted({*a.body.get("missing", ()), *b.body.get("missing", ())})
    if not names:
        return ""
    cure = "; try --backend torch" if backend == "numpy" else ""
    return f"not there in this backend: {', '.join(names)}{cure}"


def loading_trouble(a: Message, b: Message, backend: str) -> Trouble | None:
    """The verdict when a file did not even load, else None."""
    ours, theirs = a.body.get("failure"), b.body.get("failure")
    return running_trouble(ours, theirs, lacking(a, b, backend))


def running_trouble(ours: dict[str, Any] | None, theirs: dict[str, Any] | None, missing: str) -> Trouble | None:
    """The verdict when a side did not run, else None: alike on both sides says nothing, on one side alone a lot."""
    if ours is None and theirs is None:
        return None
    said = "; ".join(f"{side}: {failure_text(one)}" for side, one in (("A", ours), ("B", theirs)) if one)
    if any(one and one["missing"] for one in (ours, theirs)):
        return "inconclusive", f"{said}; {missing or 'try --backend torch'}", "NF411"
    if ours and theirs:
        return "inconclusive", said if alike(ours, theirs) else f"both sides stop: {said}", "NF410"
    return "different", f"only one side runs: {said}", "NF403"
