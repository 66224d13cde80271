"""Every kind of miscompilation applied to every twin, and what the verifier and real torch say of each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from arguments import KINDS as OF_ARGUMENTS
from arguments import mutants_of
from structure import KINDS as OF_STRUCTURE

from nnflip.convert import Options, StateMove, convert_source
from nnflip.convert.verify import Request, VerifyResult, verify_texts

HERE = Path(__file__).parent
SAMPLES = HERE.parent.parent / "samples"
KINDS = (*(kind.name for kind in OF_ARGUMENTS), *OF_STRUCTURE)
_SPEC = re.compile(r"(?P<dtype>\w+)\[(?P<shape>[\d,]*)\](?:<(?P<high>\d+))?$")


@dataclass(frozen=True)
class Twin:
    """A file and what the conversion made of it, with the map of its state."""

    name: str
    a: str
    b: str
    maps: dict[str, dict[str, StateMove]]


@dataclass(frozen=True)
class Mutant:
    """One miscompilation of a twin."""

    twin: Twin
    kind: str
    number: int
    text: str

    @property
    def name(self) -> str:
        """`articles/cnn to module: stride lost 1`."""
        return f"{self.twin.name}: {self.kind} {self.number}"


def sources() -> list[Path]:
    """The twins of samples/, and the models made for kinds that no sample has."""
    twins = [path for name in ("function", "module") for path in SAMPLES.rglob(f"{name}.py")]
    return sorted(path for path in twins if (path.parent / "function.py").exists()) + sorted(HERE.glob("models/*.py"))


@cache
def twins() -> tuple[Twin, ...]:
    """Each source in both styles; where a style changes nothing the file is its own twin."""
    found: dict[tuple[str, str], Twin] = {}
    for path in sources():
        text = path.read_text(encoding="utf-8")
        for to in ("module", "functional"):
            made = convert_source(text, Options(to=to))  # type: ignore[arg-type]
            maps = {model.name: dict(model.state_map) for model in made.models}
            stem = path.parent.name + "/" + path.stem
            found.setdefault((text, made.text), Twin(f"{stem} to {to}", text, made.text, maps))
    return tuple(found.values())


def mutants(twin: Twin) -> Iterator[Mutant]:
    """All that the kinds make of the second file, each text once."""
    tree = ast.parse(twin.b)
    plain = ast.unparse(tree)
    texts = {plain}
    for name, trees in _trees(tree):
        for number, other in enumerate(trees):
            text = ast.unparse(ast.fix_missing_locations(other))
            if text not in texts:
                texts.add(text)
                yield Mutant(twin, name, number, text)


def _trees(tree: ast.Module) -> Iterator[tuple[str, Iterator[ast.Module]]]:
    for kind in OF_ARGUMENTS:
        yield kind.name, mutants_of(tree, kind)
    for name, made in OF_STRUCTURE.items():
        yield name, made(tree)


def verdict(a: str, b: str, twin: Twin, **options: Any) -> VerifyResult:
    """What the verifier says on numpy."""
    return verify_texts(a, b, Request(timeout=120.0, **options), state_maps=twin.maps)


def settings(result: VerifyResult) -> list[dict[str, Any]]:
    """How each model of a true pair was built and called, for the referee."""
    return [
        {
            "model": model.name,
            "init_args": model.used.get("init_args") or {},
            "cases": [list(model.used["inputs"].values()), *model.used.get("other_inputs", [])],
            "state": model.used.get("state", {}),
        }
        for model in result.models
        if "inputs" in model.used and model.verdict != "inconclusive"
    ]


def parsed(spec: str) -> tuple[str, tuple[int, ...], int | None]:
    """`int64[2,7]<100` → ("int64", (2, 7), 100)."""
    match = _SPEC.match(spec)
    assert match is not None, spec
    shape = tuple(int(size) for size in match["shape"].split(",") if size)
    return match["dtype"], shape, int(match["high"]) if match["high"] else None
