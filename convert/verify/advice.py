"""What to write on the command line where nothing that was tried runs: `--init-args width=8 --input x=float32[2,8]`."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from .literals import unpacked
from .request import spelled


def about_arguments(names: tuple[str, str], failure: Mapping[str, Any]) -> str:
    """How the constructor's arguments are given, with what was tried for each; empty if it takes none."""
    wanted = failure.get("wanted") or []
    tried = failure.get("tried") or {}
    if not wanted:
        return ""
    given = [_option("--init-args", f"{name}={_shown(tried[name]) if name in tried else 'VALUE'}") for name in wanted]
    return f"arguments are given as in: {_model(names)} {' '.join(given)}"


def about_inputs(names: tuple[str, str], wanted: Sequence[str], specs: Sequence[dict[str, Any]]) -> str:
    """How inputs are given, with those that came furthest; empty if forward takes none."""
    given = [_option("--input", f"{name}={spelled(spec)}") for name, spec in zip(wanted, specs, strict=False)]
    return f"inputs that came furthest: {_model(names)} {' '.join(given)}" if given else ""


def _model(names: tuple[str, str]) -> str:
    return _option("--model", "=".join(names))


def _option(option: str, value: str) -> str:
    return f"{option} {shlex.quote(value)}"


def _shown(value: Any) -> str:
    plain = unpacked(value)
    return plain if isinstance(plain, str) else repr(plain)
