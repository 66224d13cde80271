"""What the user asks of a verification, and how they write inputs: `float32[2,3,32,32]`, `int64[2,7]<100`, `0.5`."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

BackendName = Literal["numpy", "torch", "both"]
_SPEC = re.compile(r"^(?P<dtype>[a-z]+\d*)\[(?P<shape>[\d, ]*)\](?:<(?P<high>\d+))?$")
_DTYPES = frozenset({"float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool"})


@dataclass(frozen=True)
class Request:
    """How to verify: everything that is not the two files. `models` pairs names of A with names of B.

    `digests` notes the bits of every intermediate result, for a table of operations.
    """

    backend: BackendName = "numpy"
    seeds: tuple[int, ...] = (0, 1, 2)
    inputs: Mapping[str, str] | None = None
    init_args: Mapping[str, Any] | None = None
    models: Mapping[str, str] | None = None
    close_ok: bool = False
    timeout: float = 60.0
    memory_mb: int = 4096
    digests: bool = False


class BadRequest(ValueError):
    """Something the user wrote cannot be understood; the message says what and how it should look."""


def input_spec(text: str) -> dict[str, Any]:
    """The description of one input; raises BadRequest."""
    match = _SPEC.match(text.strip())
    if match is None:
        return {"literal": _literal(text)}
    if match["dtype"] not in _DTYPES:
        raise BadRequest(f"{match['dtype']!r} is no dtype: one of {', '.join(sorted(_DTYPES))}")
    shape = [int(size) for size in match["shape"].replace(" ", "").split(",") if size]
    spec: dict[str, Any] = {"dtype": match["dtype"], "shape": shape}
    if match["high"] is not None:
        return {**spec, "low": 0, "high": int(match["high"])}
    return spec if match["dtype"].startswith(("float", "bfloat")) else {**spec, "low": 0, "high": 2}


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError) as error:
        raise BadRequest(f"cannot read the input {text!r}: write it as float32[2,3,32,32] or int64[2,7]<100") from error


def spelled(spec: dict[str, Any]) -> str:
    """A description as the user would write it on the command line."""
    if "literal" in spec:
        return repr(spec["literal"])
    text = f"{spec['dtype']}[{','.join(map(str, spec['shape']))}]"
    return f"{text}<{int(spec['high'])}" if spec["dtype"].startswith("int") and "high" in spec else text


def list_for_tensor(inputs: Mapping[str, str]) -> str:
    """`x=[2, 3]` is a list; what to write where a tensor of these sizes was meant. Empty if no input is a list."""
    for name, text in inputs.items():
        sizes = input_spec(text).get("literal")
        if sizes and isinstance(sizes, (list, tuple)) and all(type(size) is int for size in sizes):
            shape = ",".join(map(str, sizes))
            return f"{name} was given as a list of numbers; a tensor is written {name}=float32[{shape}]"
    return ""


@dataclass(frozen=True)
class Pinned:
    """What a project says of one of its models, in `[tool.nnflip.models.NAME]`."""

    inputs: Mapping[str, str] | None = None
    init_args: Mapping[str, Any] | None = None


def pinned(path: Path, model: str) -> Pinned:
    """The table of the nearest pyproject.toml above `path`; nothing where there is none, or none that can be read."""
    file = next((one for folder in path.parents if (one := folder / "pyproject.toml").is_file()), None)
    if file is None:
        return Pinned()
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Pinned()
    for name in ("tool", "nnflip", "models", model):
        table = table.get(name, {})
        if not isinstance(table, dict):
            return Pinned()
    return Pinned(table.get("inputs"), table.get("init_args"))
