"""Wrappers of torch that compute a layer's weight anew before every call: `weight_norm(nn.Conv1d(…))`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..source import Source

WRAPPERS = frozenset(
    f"torch.nn.utils.{place}{name}" for place in ("", "parametrizations.") for name in ("weight_norm", "spectral_norm")
) | {"torch.nn.utils.parametrizations.orthogonal"}


def wrapper(source: Source, call: ast.Call) -> str | None:
    """What a call wraps a layer with, as the file spells it; None if it is another call.

    `norm = weight_norm if plain else spectral_norm` is read where every value that the name gets is such a wrapper.
    """
    leaves = list(_leaves(source, call.func))
    known = leaves and all(leaf is not None and source.path_of(leaf) in WRAPPERS for leaf in leaves)
    return source.says(call.func) if known else None


def _leaves(source: Source, node: ast.expr) -> Iterator[ast.expr | None]:
    if isinstance(node, ast.IfExp):
        yield from _leaves(source, node.body)
        yield from _leaves(source, node.orelse)
    elif isinstance(node, ast.Name) and source.path_of(node) is None:
        function = next((one for one in source.ancestors(node) if isinstance(one, ast.FunctionDef)), None)
        for store in source.stores.get(node.id, ()):
            if function is None or function not in source.ancestors(store):
                continue
            around = source.parent(store)
            plain = isinstance(around, ast.Assign) and around.targets == [store]
            yield from _leaves(source, around.value) if isinstance(around, ast.Assign) and plain else (None,)
    else:
        yield node
