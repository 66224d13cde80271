"""From what two models showed to a verdict, and to the first operation in which they part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import divergence
from .compare import says_nothing
from .covered import classes_of_lines
from .layers import Row, aligned, lines_of_a
from .reasons import Trouble
from .result import Divergence, ModeResult
from .runs import Runs, observe_request
from .sides import Program, Sides

ModeRuns = Mapping[str, Runs]


def conclusion(runs: ModeRuns, results: Mapping[str, ModeResult], *, close_ok: bool) -> Trouble:
    """The verdict, and why it is not a better one."""
    mismatches = [(mode, one) for mode, result in results.items() for one in result.mismatches]
    if any(not one.close for _, one in mismatches):
        modes = sorted({mode for mode, one in mismatches if not one.close}, reverse=True)
        return "different", f"in {' and '.join(modes)}" + (" only" if len(modes) == 1 else ""), "NF401"
    if mismatches and not close_ok:
        return "different", "close, but not bit for bit", "NF402"
    entries = [entry for run in runs.values() for a, _ in run.pairs for entry in a.body["entries"]]
    if any("opaque" in entry for entry in entries):
        return "inconclusive", "an output is of a kind that cannot be compared", "NF415"
    if not any(entry["section"] == "output" and ("blob" in entry or _is_number(entry)) for entry in entries):
        return "inconclusive", "the model returned no tensor", "NF416"
    if all(run.proves for run in runs.values()) and not mismatches:
        return "proven", "", ""
    if all(says_nothing(a) for run in runs.values() for a, _ in run.pairs):
        return "inconclusive", "every output is NaN", "NF417"
    if mismatches:
        return "equal", "close by the rule of torch.testing.assert_close, not bit for bit", "NF402"
    return "equal", "", ""


def _is_number(entry: Mapping[str, Any]) -> bool:
    return str(entry.get("value")).startswith(("int ", "float ", "complex "))


def first_divergence(sides: Sides, runs: ModeRuns, blobs: tuple[bytes, ...]) -> Divergence | None:
    """Runs the first case that differs once more, with every intermediate result noted."""
    for mode, run in runs.items():
        for case, mismatches in zip(run.cases, run.mismatches, strict=True):
            if mismatches:
                again = observe_request(case, training=mode == "train", digests=True)
                return divergence.first(sides, again, blobs, mode, _lines_beside(runs, mode), mismatches)
    return None


def laid_side_by_side(sides: Sides, runs: ModeRuns, blobs: tuple[bytes, ...]) -> dict[str, tuple[Row, ...]]:
    """Per mode the operations of the first case that differs, or of the first of all, with the differences measured."""
    found = {}
    for mode, run in runs.items():
        seen = zip(run.cases, run.mismatches, strict=True)
        case = next((case for case, mismatches in seen if mismatches), run.cases[0])
        found[mode] = divergence.measured(sides, observe_request(case, training=mode == "train", digests=True), blobs)
    return found


def _lines_beside(runs: ModeRuns, mode: str) -> dict[int, int]:
    """Lines of A by lines of B, from the mode that is not looked at."""
    other = next(one for one in runs if one != mode)
    a, b = runs[other].pairs[0]
    return lines_of_a(aligned(a.body["trace"], b.body["trace"]))


def covered(a: Program, b: Program, runs: ModeRuns) -> frozenset[str]:
    """Classes that ran on both sides in every mode."""
    ran = [
        classes_of_lines(program.text, (call["line"] for call in run.pairs[0][side].body["trace"]))
        for side, program in enumerate((a, b))
        for run in runs.values()
    ]
    return frozenset.intersection(*ran)
