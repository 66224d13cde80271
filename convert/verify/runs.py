"""What was observed of one pair of models in one mode, and whether it amounts to a proof."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .traces import constants, same
from .wire import Message


@dataclass(frozen=True)
class Case:
    """One run: its seed, and the descriptions its inputs are drawn from."""

    seed: int
    inputs: list[dict[str, Any]]


@dataclass
class Runs:
    """What was observed in one mode: answers of A and B per case; the first `alike` cases have inputs of one shape."""

    cases: tuple[Case, ...]
    alike: int
    pairs: list[tuple[Message, Message]] = field(default_factory=list)

    @property
    def traces_same(self) -> bool:
        """Whether both sides made the same calls in every case."""
        return all(same(a.body["trace"], b.body["trace"]) for a, b in self.pairs)

    @property
    def proves(self) -> bool:
        """Equal traces stand for every input only if nothing in them came from outside: no reads, no unknown numbers.

        Numbers of unknown origin that are the same under every seed do not depend on the input.
        """
        if any(one.body["reads_host"] for pair in self.pairs for one in pair) or not self.traces_same:
            return False
        first = self.pairs[0][0].body["trace"]
        if not first:
            return False
        others = [a.body["trace"] for a, _ in self.pairs[1 : self.alike]]
        return all(same(first, other) for other in others) and (bool(others) or not constants(first))


def observe_request(case: Case, *, training: bool, digests: bool) -> dict[str, Any]:
    """The question that makes a side run one case."""
    body = {"ask": "observe", "training": training, "seed": case.seed, "inputs": case.inputs}
    return {**body, "trace": True, "digests": digests}
