"""What verification answers: verdicts, the evidence for them, and where two models first part."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Literal

Verdict = Literal["proven", "equal", "inconclusive", "different"]
Closeness = Literal["identical", "close", "different", "absent"]
MODES = ("train", "eval")
_FROM_BEST = ("proven", "equal", "inconclusive", "different")
_CLOSENESS_FROM_BEST = ("absent", "identical", "close", "different")


def worst(verdicts: list[Verdict]) -> Verdict:
    """The verdict on all together; nothing verified is inconclusive."""
    return max(verdicts, key=_FROM_BEST.index, default="inconclusive")


def worst_closeness(found: list[Closeness]) -> Closeness:
    """The least close of several comparisons."""
    return max(found, key=_CLOSENESS_FROM_BEST.index, default="absent")


def plain_number(value: float | None) -> float | str | None:
    """JSON has no infinity and no NaN: they are written as words."""
    return value if value is None or math.isfinite(value) else str(value)


@dataclass(frozen=True)
class Mismatch:
    """One thing that is not bit-identical: `what` names it; the numbers are None where shapes or kinds differ.

    `relative` is the largest difference over the largest value.
    """

    section: str
    what: str
    close: bool
    max_abs: float | None = None
    ulp: int | None = None
    relative: float | None = None


@dataclass(frozen=True)
class ModeResult:
    """The evidence in one mode, over all seeds."""

    outputs: Closeness = "absent"
    gradients: Closeness = "absent"
    buffers: Closeness = "absent"
    trace: Closeness = "absent"
    mismatches: tuple[Mismatch, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Closeness per kind, and the largest difference seen."""
        numbers = [one.max_abs for one in self.mismatches if one.max_abs is not None]
        steps = [one.ulp for one in self.mismatches if one.ulp is not None]
        return {
            "outputs": self.outputs,
            "gradients": self.gradients,
            "buffers": self.buffers,
            "trace": self.trace,
            "max_abs": plain_number(max(numbers, default=0.0 if not self.mismatches else None)),
            "ulp": max(steps, default=0 if not self.mismatches else None),
            "differs": [one.what for one in self.mismatches],
        }


@dataclass(frozen=True)
class Divergence:
    """The first operation that differs: its line in each file, what it is, and by how much (None: not comparable).

    `guess` is the likely cause in a few words, where the two calls tell.
    """

    a_line: int | None
    b_line: int | None
    what: str
    max_abs: float | None = None
    mode: str = ""
    guess: str = ""

    def as_json(self) -> dict[str, Any]:
        """As DESIGN has it, with the mode it was seen in."""
        return {
            "a_line": self.a_line,
            "b_line": self.b_line,
            "what": self.what,
            "guess": self.guess,
            "max_abs": plain_number(self.max_abs),
            "mode": self.mode,
        }


@dataclass(frozen=True)
class ModelVerdict:
    """The verdict on one pair of models; `reason` and `code` say why it is not better, `used` how it was run."""

    name: str
    verdict: Verdict
    reason: str = ""
    train: ModeResult = field(default_factory=ModeResult)
    eval: ModeResult = field(default_factory=ModeResult)
    first_divergence: Divergence | None = None
    initial_state: str = ""
    used: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    code: str = ""

    @property
    def close(self) -> bool:
        """Whether the two are equal up to rounding only."""
        return self.verdict == "equal" and bool(self.train.mismatches or self.eval.mismatches)

    def as_json(self) -> dict[str, Any]:
        """One entry of `models`."""
        return {
            "name": self.name,
            "verdict": self.verdict,
            "code": self.code,
            "reason": self.reason,
            "train": self.train.as_json(),
            "eval": self.eval.as_json(),
            "first_divergence": self.first_divergence.as_json() if self.first_divergence else None,
            "initial_state": self.initial_state,
            "used": self.used,
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class VerifyResult:
    """The verdict on two files: the worst of their models."""

    verdict: Verdict
    models: tuple[ModelVerdict, ...]
    backend: str
    reason: str = ""
    code: str = ""

    @property
    def close(self) -> bool:
        """Whether the two are equal up to rounding only."""
        return self.verdict == "equal" and any(model.close for model in self.models)

    def as_json(self) -> dict[str, Any]:
        """The document of `nnflip verify --json`."""
        return {
            "version": 1,
            "verdict": self.verdict,
            "code": self.code,
            "reason": self.reason,
            "backend": self.backend,
            "models": [model.as_json() for model in self.models],
        }
