"""What the user asks of a verification, and how they write inputs: `float32[2,3,32,32]`, `int64[2,7]<100`, `0.5`.

Several tensors that are one input are written as Python writes them: `[float32[2,8], float32[2,16]]`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ..files.settings import BadSettings, settings_for
from .literals import packed, unpacked
from .specs import tensor_specs

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
        return _structure(text) or {"literal": packed(_literal(text))}
    if match["dtype"] not in _DTYPES:
        raise BadRequest(f"{match['dtype']!r} is no dtype: one of {', '.join(sorted(_DTYPES))}")
    shape = [int(size) for size in match["shape"].replace(" ", "").split(",") if size]
    spec: dict[str, Any] = {"dtype": match["dtype"], "shape": shape}
    if match["high"] is not None:
        return {**spec, "low": 0, "high": int(match["high"])}
    return spec if match["dtype"].startswith(("float", "bfloat")) else {**spec, "low": 0, "high": 2}


def _structure(text: str) -> dict[str, Any] | None:
    """`[float32[2,8,16,16], float32[2,16,8,8]]`, `(…)` or `{"x": float32[2,8]}`; None if no tensor is in it."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return None
    match node:
        case ast.List(elts=parts):
            rest: dict[str, Any] = {"as": "list"}
        case ast.Tuple(elts=parts):
            rest = {"as": "tuple"}
        case ast.Dict(keys=keys, values=parts) if all(isinstance(key, ast.Constant) for key in keys):
            rest = {"keys": [key.value for key in keys if isinstance(key, ast.Constant)]}
        case _:
            return None
    spec = {"items": [input_spec(ast.unparse(part).replace(" < ", "<")) for part in parts], **rest}
    return spec if any(tensor_specs(spec)) else None


def _literal(text: str) -> Any:
    try:
        value = ast.literal_eval(text)
        packed(value)
        return value
    except (ValueError, SyntaxError, TypeError) as error:
        raise BadRequest(f"cannot read the input {text!r}: write it as float32[2,3,32,32] or int64[2,7]<100") from error


def spelled(spec: dict[str, Any]) -> str:
    """A description as the user would write it on the command line."""
    if "items" in spec:
        parts = [spelled(one) for one in spec["items"]]
        if "keys" in spec:
            return "{" + ", ".join(f"{key!r}: {part}" for key, part in zip(spec["keys"], parts, strict=True)) + "}"
        comma = "," if len(parts) == 1 else ""
        return f"({', '.join(parts)}{comma})" if spec["as"] == "tuple" else f"[{', '.join(parts)}]"
    if "literal" in spec:
        return repr(unpacked(spec["literal"]))
    text = f"{spec['dtype']}[{','.join(map(str, spec['shape']))}]"
    return f"{text}<{int(spec['high'])}" if spec["dtype"].startswith("int") and "high" in spec else text


def list_for_tensor(inputs: Mapping[str, str]) -> str:
    """`x=[2, 3]` is a list; what to write where a tensor of these sizes was meant. Empty if no input is a list."""
    for name, text in inputs.items():
        sizes = unpacked(input_spec(text).get("literal"))
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
    """What the settings that hold for `path` say of the model; nothing where they cannot be read."""
    try:
        table = settings_for(path).models.get(model, {})
    except BadSettings:
        return Pinned()
    return Pinned(table.get("inputs"), table.get("init_args"))
