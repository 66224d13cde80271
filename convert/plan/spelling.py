"""How new text names things of torch: through the aliases the file has, or through an import it will gain."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from ..source import Source

USUAL = {"torch": "torch", "torch.nn": "nn", "torch.nn.functional": "F", "math": "math"}
"""Path → the name that new text gives it, where the file has none of its own."""


class NoName(Exception):
    """A torch name cannot be spelled at a place, because the names it needs mean something else there."""


@dataclass
class Speller:
    """Spells torch paths for a file. `wanted` collects the imports that its new text relies on."""

    source: Source
    wanted: set[str] = field(default_factory=set)

    def spell(self, path: str, at: ast.AST) -> str:
        """`torch.nn.functional.relu` → "F.relu" as it reads at a node. Raises NoName where no name is certain."""
        owner, _, name = path.rpartition(".")
        return f"{self._owner(owner, at)}.{name}"

    def _owner(self, path: str, at: ast.AST) -> str:
        alias = self._alias(path, at)
        if alias is not None:
            return alias
        if path in USUAL and self._may_import(path):
            self.wanted.add(path)
            return USUAL[path]
        if "." not in path:
            raise NoName(path)
        return self.spell(path, at)

    def _alias(self, path: str, at: ast.AST) -> str | None:
        """A name that means exactly this path at a node, the usual one first."""
        scope = self.source.scopes.scope_of(at)
        names: set[str] = set()
        while True:
            names |= {name for name, meanings in scope.bindings.items() if path in meanings}
            if scope.parent is None:
                break
            scope = scope.parent
        usual = USUAL.get(path, "")
        for name in sorted(names, key=lambda name: (name != usual, len(name), name)):
            if self.source.scopes.meaning(name, at) == path:
                return name
        return None

    def _may_import(self, path: str) -> bool:
        """Whether the usual name is free in the whole file. `torch.nn` is reached through torch where that is there."""
        name = USUAL[path]
        if path == "torch.nn" or self.source.scopes.stars:
            return False
        return name not in self.source.names or self.source.scopes.meanings(name) == {path}
