"""What there is to try of every pair: constructors, values for each argument, inputs.

A line of properties/pairs.txt says it by hand. A pair without a line needs none: its constructor and its input are read
off the sample that shows it, and for its arguments those values are tried that other lines have for arguments so named.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from nnflip import runtime
from nnflip.convert.calls import bind
from nnflip.convert.ops import Pair, by_module

TESTS = Path(__file__).parent.parent
SAMPLES = TESTS.parent / "samples"
FAMILIES = {pair.family for pair in by_module.values()}


@dataclass(frozen=True)
class Line:
    """One pair: values to try for each argument, the usual one first where it is required; and inputs, as texts."""

    pair: Pair
    values: Mapping[str, Sequence[str]]
    inputs: Sequence[str]

    @classmethod
    def read(cls, text: str) -> Line:
        """A line of pairs.txt: `Linear | in_features=5; bias=False | randn(2, 5) / randn(5)`."""
        name, values, inputs = map(str.strip, text.split("|"))
        fields = [field.partition("=") for field in values.split("; ") if field.strip()]
        return cls(by_module[f"torch.nn.{name}"], {k.strip(): texts(v) for k, _, v in fields}, inputs.split(" / "))


@dataclass(frozen=True)
class Shown:
    """A constructor as a sample has it, and what it was called with there."""

    built: str
    called: str


def texts(values: str) -> list[str]:
    """The source texts of values that commas separate."""
    return [ast.unparse(node) for node in ast.parse(f"({values},)", mode="eval").body.elts]  # type: ignore[attr-defined]


@cache
def written_lines() -> Mapping[str, Line]:
    """Module → its line of pairs.txt."""
    rows = (TESTS / "properties" / "pairs.txt").read_text(encoding="utf-8").splitlines()
    return {line.pair.module: line for line in map(Line.read, rows)}


def lines() -> Mapping[str, Line]:
    """Module → what to try of it, for every pair of the table."""
    found = {path.rpartition(".")[2]: pair for path, pair in by_module.items()}
    return {name: written_lines().get(name) or line_from_samples(pair) for name, pair in found.items()}


def line_from_samples(pair: Pair) -> Line:
    """The line of a pair that has none. Raises LookupError where no sample shows it."""
    if pair.module not in samples():
        raise LookupError(f"no sample shows nn.{pair.module}: see samples/{pair.family}")
    shown = samples()[pair.module]
    call = ast.parse(shown.built, mode="eval").body
    assert isinstance(call, ast.Call)
    said = {name: [ast.unparse(node)] for name, node in bind(pair.module_signature, call).args.items()}
    public = [param for param in pair.module_signature.params if not param.name.startswith("_")]
    optional = [param for param in public if param.default is not None]
    tried = {param.name: list(values_for(param.name, str(param.default))) for param in optional}
    tried = {name: values for name, values in tried.items() if values}
    return Line(pair, {**tried, **{name: said[name] + tried.get(name, []) for name in said}}, [shown.called])


def values_for(name: str, default: str) -> Iterator[str]:
    """What to try for an optional argument: what others of its name are given, else something of the default's type.

    Nothing where neither tells: an argument that is None by default, and that no line has.
    """
    others = dict.fromkeys(value for line in written_lines().values() for value in line.values.get(name, ()))
    if others:
        yield from others
        return
    match ast.literal_eval(default):
        case bool(value):
            yield str(not value)
        case int() | float() as value:
            yield repr(value + 1)
        case ():
            yield "(2,)"


@cache
def samples() -> Mapping[str, Shown]:
    """Module → how the first sample that has it builds and calls it, found by running the samples."""
    found: dict[str, Shown] = {}
    for path in sorted(SAMPLES.glob("*/*/module.py")):
        for name, shown in _shown(path) if path.parts[-3] in FAMILIES else ():
            found.setdefault(name, shown)
    return found


def _shown(path: Path) -> Iterator[tuple[str, Shown]]:
    text = path.read_text(encoding="utf-8")
    built = {
        target.attr: value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Assign)
        for target, value in [(node.targets[0], node.value)]
        if isinstance(target, ast.Attribute) and isinstance(value, ast.Call) and _is_literal(value)
    }
    for name, inputs in _calls(text):
        if name in built:
            module = ast.unparse(built[name].func).removeprefix("nn.")
            call = ast.unparse(built[name]).removeprefix("nn.")
            if f"torch.nn.{module}" in by_module:
                yield module, Shown(call, ", ".join(inputs))


def _is_literal(call: ast.Call) -> bool:
    try:
        for node in (*call.args, *(keyword.value for keyword in call.keywords)):
            ast.literal_eval(node)
    except ValueError:
        return False
    return True


def _calls(text: str) -> list[tuple[str, list[str]]]:
    """The modules that a sample calls by position on its own inputs, in order, with these inputs as texts."""
    found: list[tuple[str, list[str]]] = []
    with runtime.install():
        space = ModuleType("sample")
        sys.modules["sample"] = space
        try:
            exec(text, space.__dict__)
            if "get_inputs" not in space.__dict__ or "Net" not in space.__dict__:
                return []
            net = space.__dict__["Net"](*getattr(space, "get_init_inputs", tuple)())
            for name, child in net.named_children():
                child.register_forward_pre_hook(lambda _, args, name=name: found.append((name, list(map(_text, args)))))
            net(*space.__dict__["get_inputs"]())
        finally:
            del sys.modules["sample"]
    return found


def _text(value: Any) -> str:
    """An input as text: its numbers where they are whole, else its shape."""
    if not isinstance(value, runtime.Tensor):
        return repr(value)
    if not value.is_floating_point():
        return f"tensor({value.tolist()!r})"
    maker = "rand" if bool((value >= 0).all()) else "randn"
    return f"{maker}({', '.join(map(str, value.shape))})"
