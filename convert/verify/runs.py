"""What is run of one pair of models in one mode, what was observed, and whether it amounts to a proof."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .compare import mismatches_between, outputs_only
from .reasons import Trouble, failure_text, running_trouble
from .request import Request, spelled
from .result import Mismatch
from .sides import Sides
from .specs import changed, tensor_specs
from .traces import constants, same
from .wire import Message

_ROUNDING = 1e-3


@dataclass(frozen=True)
class Case:
    """One run: its seed, the descriptions its inputs are drawn from, and whether all of it is in float64.

    `wide`: inputs of both signs where the file gives only positive ones.
    """

    seed: int
    inputs: list[dict[str, Any]]
    double: bool = False
    wide: bool = False


@dataclass
class Runs:
    """What was observed in one mode, per case; the first `alike` cases have inputs of one shape.

    `pairs` are the answers of A and B, `mismatches` what differs between them. Of what does not differ only the outputs
    are kept: the gradients of a large model under every seed would fill the memory.
    """

    cases: tuple[Case, ...]
    alike: int
    pairs: list[tuple[Message, Message]] = field(default_factory=list)
    mismatches: list[list[Mismatch]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def traces_same(self) -> bool:
        """Whether both sides made the same calls in every case."""
        return all(same(a.body["trace"], b.body["trace"]) for a, b in self.pairs)

    @property
    def proves(self) -> bool:
        """Equal traces stand for every input only if nothing in them came from outside: no reads, no unknown numbers.

        Nor may a call leave something behind for the next one but in buffers.

        Numbers of unknown origin that are the same under every seed do not depend on the input.
        """
        if any(one.body["reads_host"] or one.body["keeps"] for pair in self.pairs for one in pair):
            return False
        if not self.traces_same:
            return False
        first = self.pairs[0][0].body["trace"]
        if not first:
            return False
        others = [a.body["trace"] for a, _ in self.pairs[1 : self.alike]]
        return all(same(first, other) for other in others) and (bool(others) or not constants(first))


def observe_request(case: Case, *, training: bool, digests: bool) -> dict[str, Any]:
    """The question that makes a side run one case."""
    body = {"ask": "observe", "training": training, "seed": case.seed, "inputs": case.inputs, "double": case.double}
    return {**body, "trace": True, "digests": digests}


def cases(request: Request, given: dict[str, Any], state: Sequence[dict[str, Any]], used: dict[str, Any]) -> Runs:
    """Every seed with the inputs; of three or more the last with another size, else that comes on top; then float64.

    A model that holds anything but float32 was made for its own dtypes and is left in them. `used` is told.
    """
    seeds, others = request.seeds, given["others"]
    plain = seeds[:-1] if len(seeds) > 2 and others else seeds
    found = [*(Case(seed, given["inputs"]) for seed in plain), *(Case(seeds[-1], other) for other in others)]
    if others:
        used["other_inputs"] = [[spelled(spec) for spec in other] for other in others]
    floats = {one["dtype"] for one in state if one["dtype"].startswith(("float", "bfloat", "complex"))}
    if floats <= {"float32"} and any(
        one.get("dtype") == "float32" for given_spec in given["inputs"] for one in tensor_specs(given_spec)
    ):
        found.append(Case(seeds[0], given["inputs"], double=True))
    wide = [changed(spec, _widened) for spec in given["inputs"]]
    if wide != given["inputs"]:
        found.insert(len(plain), Case(seeds[0], wide, wide=True))
    return Runs(tuple(found), len(plain))


def _widened(spec: dict[str, Any]) -> dict[str, Any]:
    """Both signs for an input that the file draws from positive numbers: `leaky_relu` and `relu` are one there."""
    high = spec.get("high", 1.7)
    if str(spec.get("dtype")).startswith("float") and ("blob" in spec or 0 <= spec.get("low", -1) < high):
        return {"dtype": spec["dtype"], "shape": spec["shape"], "low": -high, "high": high}
    return spec


def observe(
    sides: Sides,
    planned: Runs,
    *,
    training: bool,
    digests: bool,
    blobs: tuple[bytes, ...],
    missing: str,
    until: float,
    close_ok: bool = False,
) -> tuple[Runs, Trouble | None]:
    """Runs the planned cases on both sides in one mode; stops at the first that differs or that a side cannot run.

    What no side can run in float64 is left out: a constant of the model may be float32 for good. So are, but for the
    first, cases that `until` leaves no time for. With `close_ok` float64 is asked about what differs in float32.
    """
    runs = Runs((), planned.alike)
    ran: list[Case] = []
    longest = 0.0
    for case in planned.cases:
        start = time.monotonic()
        if ran and start + 1.5 * longest * (2 if case.double else 1) > until:
            runs.notes.append(f"no time to compare {_spoken(case)}: give a longer --timeout")
            continue
        a, b = sides.ask_both(observe_request(case, training=training, digests=digests), blobs=blobs)
        ours, theirs = a.body.get("failure"), b.body.get("failure")
        if (case.double or case.wide) and ((ours and theirs) or any(one and one["missing"] for one in (ours, theirs))):
            runs.notes.append(f"not compared {_spoken(case)}: {failure_text(ours or theirs or {})}")
            continue
        trouble = running_trouble(ours, theirs, missing)
        if trouble is not None:
            where = " in float64" if case.double else ""
            return runs, (trouble[0], trouble[1] + where, trouble[2])
        ran.append(case)
        found = mismatches_between(a, b)
        if found and mismatches_between(
            a, sides.ask("A", observe_request(case, training=training, digests=digests), blobs)
        ):
            return runs, ("inconclusive", "A differs from itself from one run to the next, under one seed", "NF421")
        runs.pairs.append((a, b) if found else (outputs_only(a), outputs_only(b)))
        runs.mismatches.append(found)
        longest = max(longest, time.monotonic() - start)
        if any(not one.close for one in found) and not (close_ok and _may_be_rounding(found)):
            break
    if close_ok:
        runs.mismatches = _settled(ran, runs)
    alike = sum(case in planned.cases[: planned.alike] for case in ran)
    return Runs(tuple(ran), alike, runs.pairs, runs.mismatches, runs.notes), None


def _may_be_rounding(found: Sequence[Mismatch]) -> bool:
    """Whether what differs does so by less than a thousandth of the largest value."""
    return all(one.close or (one.relative is not None and one.relative < _ROUNDING) for one in found)


def _settled(ran: Sequence[Case], runs: Runs) -> list[list[Mismatch]]:
    """What differs, with float32 taken for rounding where float64 is close throughout."""
    double = [found for case, found in zip(ran, runs.mismatches, strict=True) if case.double]
    beyond = any(not one.close for found in runs.mismatches for one in found)
    if not beyond or not double or any(not one.close for one in double[0]):
        return runs.mismatches
    if not all(_may_be_rounding(found) for found in runs.mismatches):
        return runs.mismatches
    runs.notes.append(
        "some float32 numbers differ by more than the rule allows: rounding, for in float64 they are close"
    )
    return [[replace(one, close=True) for one in found] for found in runs.mismatches]


def _spoken(case: Case) -> str:
    return "in float64" if case.double else "on negative inputs" if case.wide else f"under seed {case.seed}"
