"""A plan for the layers of a file that stand outside of attributes: what changes, and why others stay."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from ..source import Source
from .edits import EditList

_CLASS = "Write it as a class that derives from nn.Module: there its layers become parameters and calls."


@dataclass
class LoosePlan:
    """The decisions: `done` are constructors that go, `reasons` tell of others why they stay."""

    edits: EditList = field(default_factory=EditList)
    converted: list[tuple[ast.Call, str]] = field(default_factory=list)
    done: set[ast.Call] = field(default_factory=set)
    reasons: dict[ast.Call, str] = field(default_factory=dict)

    def convert(self, site: ast.Call, what: str) -> None:
        """Note a constructor or a call that is rewritten."""
        self.converted.append((site, what))

    def told(self, source: Source, node: ast.Call) -> dict[str, str] | None:
        """The reason and cure of a constructor that stays, for a layer of a script that stands there for itself."""
        if node in self.reasons:
            return {"reason": self.reasons[node], "cure": "Call the function where the module is called."}
        if source.scopes.scope_of(node) is not source.scopes.root:
            return None
        inside = any(
            isinstance(around, ast.Call) and source.path_of(around.func) == "torch.nn.Sequential"
            for around in source.ancestors(node)
        )
        reason = "it is part of an nn.Sequential, an object" if inside else "it is an object"
        return {"reason": f"{reason} that code beside it trains, saves or hands on", "cure": _CLASS}

    @property
    def places(self) -> set[tuple[int, int]]:
        """Where the constructors stand that go."""
        return {(node.lineno, node.col_offset) for node in self.done}
