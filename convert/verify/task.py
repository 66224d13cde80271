"""What is to be verified: two programs, what is known of their state, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..outcome import StateMove
from .request import Request
from .sides import Program

StateMaps = Mapping[str, Mapping[str, StateMove]]


@dataclass(frozen=True)
class Task:
    """Two programs, the state maps by model of the first, and the request."""

    a: Program
    b: Program
    state_maps: StateMaps | None
    request: Request
