"""What the runtime was shown to do: how many of torch's own samples it passes, by family and by name.

The numbers stand in coverage.json inside the runtime's package, written by `tests/oracle/run.py`. They are read as a
file: the runtime itself, and numpy with it, is not imported.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FAMILIES = ("torch.nn", "torch.nn.functional", "torch", "torch.linalg", "torch.fft", "torch.special")


@dataclass(frozen=True)
class Coverage:
    """Of one name or family: samples, wrong calls and gradients of gradients that are torch's, of how many."""

    name: str
    family: str
    samples: tuple[int, int] = (0, 0)
    errors: tuple[int, int] = (0, 0)
    names: int = 1
    second: tuple[int, int] = (0, 0)

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """Name, samples, errors and second gradients as they are shown: `torch.relu`, `48 of 48`, `–`, `–`."""
        return self.name, _of(self.samples), _of(self.errors), _of(self.second)


def coverage_file() -> Path:
    """Where the numbers stand."""
    spec = find_spec("nnflip.runtime")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).with_name("coverage.json")


def coverage(document: dict[str, Any] | None = None) -> list[Coverage]:
    """One row per operator and module, family by family."""
    document = json.loads(coverage_file().read_text(encoding="utf-8")) if document is None else document
    rows = [
        Coverage(
            f"torch.{name}",
            _family(name),
            tuple(entry["samples"]),
            tuple(entry["errors"]),
            second=tuple(entry.get("second", (0, 0))),
        )
        for name, entry in document["names"].items()
    ]
    return sorted(rows, key=lambda row: (FAMILIES.index(row.family), row.name))


def by_family(rows: Iterable[Coverage]) -> list[Coverage]:
    """One row per family, with the sums."""
    found: dict[str, Coverage] = {}
    for row in rows:
        sofar = found.get(row.family, Coverage(row.family, row.family, names=0))
        found[row.family] = Coverage(
            row.family,
            row.family,
            _sum(sofar.samples, row.samples),
            _sum(sofar.errors, row.errors),
            sofar.names + 1,
            _sum(sofar.second, row.second),
        )
    return list(found.values())


def markdown(rows: Iterable[Coverage]) -> str:
    """The table of families, as in the README."""
    lines = [
        "| family | names | samples of torch | wrong calls | gradients of gradients |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| `{row.family}` | {row.names} | {_of(row.samples)} ({_percent(row.samples)}) | {_of(row.errors)} "
        f"| {_of(row.second)} |"
        for row in by_family(rows)
    ]
    return "\n".join(lines) + "\n"


def _family(name: str) -> str:
    """`nn.functional.relu` → torch.nn.functional; what stands at the top level or is a method → torch."""
    home = f"torch.{name}".rpartition(".")[0]
    return home if home in FAMILIES else "torch"


def _sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _of(counts: tuple[int, int]) -> str:
    return f"{counts[0]} of {counts[1]}" if counts[1] else "–"


def _percent(counts: tuple[int, int]) -> str:
    return f"{100 * counts[0] / max(counts[1], 1):.1f}%"
