"""Two versions of a model laid side by side, operation by operation: what `nnflip diff A B` shows.

=  11  15  conv2d      2×16×24×24  conv1.weight, conv1.bias
+      17  dropout     2×512       is in B only
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from .result import MODES, ModelVerdict, plain_number
from .traces import Call, Trace, differs, essence, named_state, spoken

Mark = Literal["=", "~", "≠", "-", "+"]
MEANING: Mapping[Mark, str] = {
    "=": "the same call, the same numbers",
    "~": "the same call, other numbers came in",
    "≠": "the call differs",
    "-": "in A only",
    "+": "in B only",
}
_BOOKKEEPING = frozenset({"detach", "host.read"})


@dataclass(frozen=True)
class Row:
    """One operation: its line in each file (None where that side lacks it) and what is to be said of it.

    `at` is its number in each trace, `max_abs` how far the results are apart, where that was measured.
    """

    mark: Mark
    a_line: int | None
    b_line: int | None
    op: str
    shape: tuple[int, ...]
    state: tuple[str, ...]
    said: str = ""
    max_abs: float | None = None
    at: tuple[int, int] | None = None


@dataclass(frozen=True)
class LayerDiff:
    """A pair of models: the verdict on them, and their operations in each mode; no rows where they did not run."""

    verdict: ModelVerdict
    train: tuple[Row, ...] = ()
    eval: tuple[Row, ...] = ()

    def rows(self, mode: str) -> tuple[Row, ...]:
        """The rows of one mode, "train" or "eval"."""
        return self.train if mode == "train" else self.eval

    def mode_verdict(self, mode: str) -> str:
        """`equal` or `different` in this mode alone; `not run` where nothing was compared."""
        result = self.verdict.train if mode == "train" else self.verdict.eval
        found = {result.outputs, result.gradients, result.buffers}
        if found == {"absent"}:
            return "not run"
        return "different" if "different" in found else "close" if "close" in found else "equal"

    def as_json(self) -> dict[str, Any]:
        """The verdict, and per mode its own verdict and rows."""
        modes = {
            mode: {"verdict": self.mode_verdict(mode), "rows": [_row_json(row) for row in self.rows(mode)]}
            for mode in MODES
        }
        return {**self.verdict.as_json(), "modes": modes}


def aligned(a: Trace, b: Trace) -> tuple[Row, ...]:
    """The operations of two runs of one case, in order, those that match on one row."""
    ours, theirs = (
        [{**call, "at": at} for at, call in enumerate(trace) if spoken(call["op"]) not in _BOOKKEEPING]
        for trace in (a, b)
    )
    renumbered = _renumbered(a, b)
    matcher = SequenceMatcher(None, [_key(call) for call in ours], [_key(call) for call in theirs], autojunk=False)
    rows: list[Row] = []
    for tag, a_low, a_high, b_low, b_high in matcher.get_opcodes():
        if tag == "equal":
            pairs = zip(ours[a_low:a_high], theirs[b_low:b_high], strict=True)
            rows += [_both(one, other, renumbered) for one, other in pairs]
        else:
            rows += _hunk(ours[a_low:a_high], theirs[b_low:b_high], renumbered)
    return tuple(rows)


def _hunk(ours: list[Call], theirs: list[Call], renumbered: bool) -> Iterator[Row]:
    """Calls that did not match: those of one kind are paired in order, the rest stand alone."""
    left = list(theirs)
    for one in ours:
        at = next((index for index, other in enumerate(left) if _kind(other) == _kind(one)), None)
        if at is None:
            yield _alone("-", one)
            continue
        yield from (_alone("+", other) for other in left[:at])
        yield _both(one, left[at], renumbered)
        left = left[at + 1 :]
    yield from (_alone("+", other) for other in left)


def _kind(call: Call) -> str:
    return spoken(call["op"])


def _key(call: Call) -> tuple[Any, ...]:
    return _kind(call), tuple(named_state(call)), repr(call["static"]), repr(_shape(call))


def _renumbered(a: Trace, b: Trace) -> bool:
    """Whether references to earlier results cannot be compared by number, because one side has more calls."""
    return len(a) != len(b)


def _both(one: Call, other: Call, renumbered: bool) -> Row:
    said = "" if renumbered and _alike_but_for_numbers(one, other) else differs(one, other)
    digests = [
        [output.get("digest") for output in call["outputs"] if isinstance(output, dict)] for call in (one, other)
    ]
    mark: Mark = "≠" if said else "=" if digests[0] == digests[1] else "~"
    at = (one["at"], other["at"])
    return Row(mark, one["line"], other["line"], _kind(one), _shape(one), tuple(named_state(one)), said, at=at)


def _alike_but_for_numbers(one: Call, other: Call) -> bool:
    return _key(one) == _key(other) and essence(one)[0] == essence(other)[0]


def _alone(mark: Mark, call: Call) -> Row:
    a_line, b_line = (call["line"], None) if mark == "-" else (None, call["line"])
    return Row(mark, a_line, b_line, _kind(call), _shape(call), tuple(named_state(call)), f"is {MEANING[mark]}")


def _shape(call: Call) -> tuple[int, ...]:
    first = call["outputs"][0] if call["outputs"] else None
    return tuple(first["shape"]) if isinstance(first, dict) else ()


def lines_of_a(rows: tuple[Row, ...]) -> dict[int, int]:
    """For each line of B the line of A beside it."""
    return {row.b_line: row.a_line for row in rows if row.a_line is not None and row.b_line is not None}


def _row_json(row: Row) -> dict[str, Any]:
    return {
        "mark": row.mark,
        "a_line": row.a_line,
        "b_line": row.b_line,
        "op": row.op,
        "shape": list(row.shape),
        "state": list(row.state),
        "said": row.said,
        "max_abs": plain_number(row.max_abs),
    }


def rendered(diff: LayerDiff) -> str:
    """The table as plain text: one block per mode; a mode whose rows are those of the other is not repeated."""
    verdict = diff.verdict
    head = f"{verdict.name}: {verdict.verdict}" + (f" ({verdict.reason})" if verdict.reason else "")
    blocks = [head]
    if diff.train == diff.eval and diff.mode_verdict("train") == diff.mode_verdict("eval"):
        blocks.append(_block("train and eval", diff.mode_verdict("train"), diff.train))
    else:
        blocks += [_block(mode, diff.mode_verdict(mode), diff.rows(mode)) for mode in MODES]
    return "\n".join(block for block in blocks if block)


def _block(mode: str, verdict: str, rows: tuple[Row, ...]) -> str:
    if not rows:
        return ""
    cells = [["", "A", "B", "operation", "shape", "state"]]
    for row in rows:
        a_line, b_line = ("" if line is None else str(line) for line in (row.a_line, row.b_line))
        shape = "×".join(map(str, row.shape))
        cells.append([row.mark, a_line, b_line, row.op, shape, row.said or ", ".join(row.state)])
    widths = [max(len(cell[column]) for cell in cells) for column in range(len(cells[0]))]
    lines = ["  " + "  ".join(text.ljust(width) for text, width in zip(cell, widths, strict=True)) for cell in cells]
    return "\n".join([f" {mode}: {verdict}", *(line.rstrip() for line in lines)])
