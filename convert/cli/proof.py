"""Verification as the commands use it: two texts, or a file and its own conversion, to a verdict and an exit code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..batch.one import Converted, Job
from .exits import DONE, FOUND, UNDECIDED

if TYPE_CHECKING:
    from ..verify.result import VerifyResult

CODES = {"proven": DONE, "equal": DONE, "different": FOUND, "inconclusive": UNDECIDED}


@dataclass(frozen=True)
class Proof:
    """The verdict per model, the exit code it calls for, and in a few words why it is not better."""

    verdicts: Mapping[str, str] = field(default_factory=dict)
    code: int = DONE
    said: str = ""

    @property
    def differs(self) -> bool:
        """Whether the two versions were seen to behave differently."""
        return self.code == FOUND


def prove(job: Job, path: Path | None, converted: Converted) -> Proof:
    """Run a file and what became of it, with the state carried over by the conversion's own state map."""
    from ..verify import Request, verify_texts

    conversion = converted.conversion
    maps = {model.name: model.state_map for model in conversion.models}
    where = str(path or Path("stdin.py"))
    request = Request(close_ok=conversion.close)
    result = verify_texts(conversion.source, conversion.text, request, state_maps=maps, path=where)
    verdicts = {model.name: "equal (close)" if model.close else model.verdict for model in result.models}
    return Proof(verdicts, CODES[result.verdict], _why(result))


def _why(result: VerifyResult) -> str:
    for model in result.models:
        if model.verdict == result.verdict and model.verdict not in ("proven", "equal"):
            first = model.first_divergence
            return f"{model.name}: {model.reason or (first.what if first else model.verdict)}"
    return result.reason
