"""`torch.utils._pytree`: nested tuples, lists and dicts taken apart and put together again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

from .missing import refusing


class TreeSpec(NamedTuple):
    """What a container is, and the specs of what is in it; `kind` None for a leaf."""

    kind: Any
    context: Any
    children: tuple[TreeSpec, ...]

    @property
    def num_leaves(self) -> int:
        """How many leaves it takes."""
        return 1 if self.kind is None else sum(one.num_leaves for one in self.children)


def _parts(tree: Any) -> tuple[Any, Any, list[Any]]:
    """Kind, context and children; kind None for a leaf."""
    if isinstance(tree, (dict, OrderedDict)):
        return type(tree), list(tree), list(tree.values())
    if isinstance(tree, (list, tuple)):
        return type(tree), hasattr(tree, "_fields"), list(tree)
    return None, None, []


def tree_flatten(tree: Any, is_leaf: Callable[[Any], bool] | None = None) -> tuple[list[Any], TreeSpec]:
    """The leaves in order, and how they were nested."""
    kind, context, children = (None, None, []) if is_leaf is not None and is_leaf(tree) else _parts(tree)
    if kind is None:
        return [tree], TreeSpec(None, None, ())
    several = [tree_flatten(one, is_leaf) for one in children]
    return [leaf for leaves, _ in several for leaf in leaves], TreeSpec(
        kind, context, tuple(spec for _, spec in several)
    )


def tree_unflatten(leaves: Any, treespec: TreeSpec) -> Any:
    """`tree_flatten` undone; ValueError for another number of leaves."""
    given = list(leaves)
    if len(given) != treespec.num_leaves:
        raise ValueError(
            f"tree_unflatten(leaves, treespec): `leaves` has length {len(given)} but the spec refers to a pytree that "
            f"holds {treespec.num_leaves} items ({treespec})."
        )
    return _built(iter(given), treespec)


def _built(leaves: Any, spec: TreeSpec) -> Any:
    if spec.kind is None:
        return next(leaves)
    children = [_built(leaves, one) for one in spec.children]
    if issubclass(spec.kind, dict):
        return spec.kind(zip(spec.context, children, strict=True))
    return spec.kind(*children) if spec.context else spec.kind(children)


def tree_map(func: Callable[..., Any], tree: Any, *rests: Any, is_leaf: Callable[[Any], bool] | None = None) -> Any:
    """The same nesting of what *func* makes of each leaf (and of those at its place in *rests*)."""
    leaves, spec = tree_flatten(tree, is_leaf)
    others = [tree_flatten(one, is_leaf)[0] for one in rests]
    return tree_unflatten([func(*each) for each in zip(leaves, *others, strict=True)], spec)


def tree_map_only(kind: Any, func: Callable[[Any], Any], tree: Any) -> Any:
    """`tree_map` of the leaves of a type; others stay."""
    return tree_map(lambda leaf: func(leaf) if isinstance(leaf, kind) else leaf, tree)


def tree_leaves(tree: Any, is_leaf: Callable[[Any], bool] | None = None) -> list[Any]:
    """The leaves in order."""
    return tree_flatten(tree, is_leaf)[0]


__getattr__ = refusing("torch.utils._pytree")
