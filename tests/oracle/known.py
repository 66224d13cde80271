"""known.txt: what does not pass, how often, and why. One line each: `nn.functional.elu samples 2 the reason`."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

PLACE = Path(__file__).with_name("known.txt")

KINDS = ("samples", "errors", "second")

HEAD = """\
# What the runtime does not do as torch does, of torch's own samples: name, kind, how many, why.
# Counts are written by `python tests/oracle/run.py --record`, which keeps the reasons; reasons are written by hand.
"""


class Known(NamedTuple):
    """How many samples of a name do not pass, and why."""

    count: int
    reason: str


def read() -> dict[tuple[str, str], Known]:
    """By name and kind."""
    found = {}
    for line in PLACE.read_text(encoding="utf-8").splitlines() if PLACE.exists() else ():
        if line and not line.startswith("#"):
            name, kind, count, reason = line.split(maxsplit=3)
            found[name, kind] = Known(int(count), reason)
    return found


def write(rows: dict[tuple[str, str], Known]) -> None:
    """Sorted, one line each."""
    lines = [f"{name} {kind} {known.count} {known.reason}\n" for (name, kind), known in sorted(rows.items())]
    PLACE.write_text(HEAD + "".join(lines), encoding="utf-8")
