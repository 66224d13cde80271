"""Running the graph backwards: `Tensor.backward` and `autograd.grad`."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Any

import numpy as np

from .grad_mode import set_grad_enabled
from .graph import Edge, Hook, Node
from .pull import gradients
from .second_order import gradients_as_tensors
from .size import Size
from .tensor import Tensor, wrap


def backward(
    tensors: Tensor | Sequence[Tensor],
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    grad_variables: Any = None,
    inputs: Any = None,
) -> None:
    """Adds the gradients of `tensors` to the `.grad` of the leaves they came from (or of `inputs` only).

    RuntimeError as in torch: no graph, a non-scalar without `grad_tensors`, a second time without `retain_graph`.
    """
    roots = (tensors,) if isinstance(tensors, Tensor) else tuple(tensors)
    seeds = _seeds(roots, grad_variables if grad_tensors is None else grad_tensors)
    wanted = None if inputs is None else _targets((inputs,) if isinstance(inputs, Tensor) else tuple(inputs))
    _Run(wanted, bool(retain_graph or create_graph), create_graph).go(roots, seeds)


def backward_from(
    self: Tensor,
    gradient: Tensor | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """`loss.backward()`: adds gradients to the `.grad` of the leaves; a non-scalar needs its own `gradient`."""
    backward(self, None if gradient is None else (gradient,), retain_graph, create_graph, inputs=inputs)


def grad(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor],
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Tensor | None, ...]:
    """The gradients of `outputs` with respect to `inputs`, without touching any `.grad`.

    RuntimeError for an input that was not used unless `allow_unused` (then None, or zeros with `materialize_grads`).
    """
    roots = (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)
    leaves = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    if is_grads_batched:
        raise RuntimeError("is_grads_batched=True is not supported by this runtime")
    seeds = _seeds(roots, grad_outputs)
    run = _Run(_targets(leaves), bool(retain_graph or create_graph), create_graph, capture=True)
    run.go(roots, seeds)
    found: list[Tensor | None] = []
    for index, leaf in enumerate(leaves):
        value = run.captured.get(_key(leaf.edge()))
        if value is None and not (allow_unused or materialize_grads):
            raise RuntimeError(
                f"The differentiated Tensor at index {index} appears to not have been used in the graph. "
                "Set allow_unused=True if this is the desired behavior."
            )
        if value is None:
            found.append(wrap(np.zeros_like(leaf.array)) if materialize_grads else None)
        elif isinstance(value, Tensor):
            found.append(value)
        else:
            found.append(wrap(value if value.flags.writeable else value.copy()))
    return tuple(found)


def _seeds(roots: tuple[Tensor, ...], given: Any) -> list[Tensor]:
    """The gradients to start from, checked; 1 for a scalar root."""
    seeds = list(given) if isinstance(given, (tuple, list)) else [given] * (1 if given is not None else len(roots))
    if len(seeds) != len(roots):
        raise RuntimeError(f"got {len(roots)} tensors and {len(seeds)} gradients")
    for index, root in enumerate(roots):
        if not root.requires_grad:
            raise RuntimeError(f"element {index} of tensors does not require grad and does not have a grad_fn")
        seed = seeds[index]
        if seed is None:
            if root.array.size != 1:
                raise RuntimeError("grad can be implicitly created only for scalar outputs")
            seeds[index] = wrap(np.ones_like(root.array))
            continue
        value = seed.array if isinstance(seed, Tensor) else np.asarray(seed)
        if value.shape != root.array.shape:
            raise RuntimeError(
                f"Mismatch in shape: grad_output[{index}] has a shape of {Size(value.shape)} and output[{index}] has a "
                f"shape of {root.shape}."
            )
        if not (isinstance(seed, Tensor) and value.dtype == root.array.dtype):
            seeds[index] = wrap(value.astype(root.array.dtype, copy=False))
    return seeds


Key = tuple[int, int]


def _key(edge: Edge | None) -> Key:
    return (0, 0) if edge is None else (id(edge.to), edge.slot)


def _targets(inputs: tuple[Tensor, ...]) -> dict[Key, Tensor]:
    if not inputs:
        raise RuntimeError("grad requires non-empty inputs.")
    for one in inputs:
        if not one.requires_grad:
            raise RuntimeError("One of the differentiated Tensors does not require grad")
    return {_key(one.edge()): one for one in inputs}


class _Run:
    """One backward pass. `wanted`: the only places gradients go to (None: all leaves); `capture`: keep them here.

    Gradients are bare arrays; with `create` they are tensors, and what happens to them is recorded.
    """

    def __init__(self, wanted: dict[Key, Tensor] | None, retain: bool, create: bool, capture: bool = False) -> None:
        self.wanted, self.retain, self.create, self.capture = wanted, retain, create, capture
        self.captured: dict[Key, Any] = {}
        self.pending: dict[int, list[Any]] = {}  # node id → gradients of its outputs
        self.owned: set[Key] = set()  # sums made here, which may be added to in place
        self.queue: list[tuple[int, int, Node]] = []
        self.leaves: dict[int, tuple[Tensor, Any]] = {}
        self.useful: set[int] | None = None

    def go(self, roots: tuple[Tensor, ...], seeds: list[Tensor]) -> None:
        """From the roots to the leaves, newest node first: consumers are always newer than what they consume."""
        edges = [root.edge() for root in roots]
        if self.wanted is not None:
            self.useful = _leading_to(set(self.wanted), [edge.to for edge in edges if edge is not None])
        for edge, seed in zip(edges, seeds, strict=True):
            self._send(edge, seed if self.create else seed.array)
        with set_grad_enabled(self.create), np.errstate(all="ignore"):
            while self.queue:
                node = heapq.heappop(self.queue)[2]
                self._visit(node, self.pending.pop(id(node)))
            for leaf, value in self.leaves.values():
                self._settle(leaf, value)

    def _send(self, edge: Edge | None, value: Any) -> None:
        if edge is None or value is None:
            return
        key = _key(edge)
        if isinstance(edge.to, Node):
            node = edge.to
            if self.useful is not None and id(node) not in self.useful:
                return
            if id(node) not in self.pending:
                self.pending[id(node)] = [None] * len(node.outputs)
                heapq.heappush(self.queue, (-node.order, id(node), node))
            slots = self.pending[id(node)]
            slots[edge.slot] = self._sum(key, slots[edge.slot], value)
        elif self.wanted is None or key in self.wanted:
            before = self.leaves.get(id(edge.to))
            self.leaves[id(edge.to)] = (edge.to, self._sum(key, before[1] if before else None, value))

    def _sum(self, key: Key, before: Any, value: Any) -> Any:
        if before is None:
            return value
        if self.create:
            return before + value
        if key in self.owned:
            before += value
            return before
        self.owned.add(key)
        return np.asarray(before + value)

    def _visit(self, node: Node, slots: list[Any]) -> None:
        for slot, value in enumerate(slots):
            if value is None:
                continue
            if node.hooks and slot in node.hooks:
                value = slots[slot] = hooked(node.hooks[slot], value)
            if node.retained and slot in node.retained and not self.capture:
                accumulate(node.retained[slot], value)
            key = (id(node), slot)
            if self.wanted is not None and key in self.wanted:
                if self.capture:
                    self.captured[key] = value
                else:
                    accumulate(self.wanted[key], value)
        if self.useful is not None and not any(self._useful(edge) for edge in node.edges):
            return
        results = gradients_as_tensors(node, slots, grad) if self.create else gradients(node, slots)
        if not self.retain:
            node.release()
        for edge, value in zip(node.edges, results, strict=True):
            self._send(edge, value)

    def _useful(self, edge: Edge | None) -> bool:
        if edge is None or self.useful is None:
            return False
        return id(edge.to) in self.useful

    def _settle(self, leaf: Tensor, value: Any) -> None:
        if leaf._hooks:
            value = hooked(leaf._hooks.before, value)
        if self.capture:
            self.captured[(id(leaf), 0)] = value
            return
        accumulate(leaf, value, owned=(id(leaf), 0) in self.owned)
        for hook in tuple(leaf._hooks.after.values()) if leaf._hooks else ():
            hook(leaf)


def _leading_to(targets: set[Key], roots: list[Any]) -> set[int]:
    """The ids of all nodes and leaves on a way from the roots to a target, the targets included."""
    seen: dict[int, Any] = {}
    pending = list(roots)
    while pending:
        one = pending.pop()
        if id(one) not in seen:
            seen[id(one)] = one
            if isinstance(one, Node):
                pending += [edge.to for edge in one.edges if edge is not None]
    useful = {key[0] for key in targets if key[0] in seen}
    for node in sorted((one for one in seen.values() if isinstance(one, Node)), key=lambda node: node.order):
        if any(edge is not None and id(edge.to) in useful for edge in node.edges):
            useful.add(id(node))
    return useful


def hooked(hooks: dict[int, Hook], value: Any) -> Any:
    """The gradient, an array or a tensor, after each hook had its say."""
    for hook in tuple(hooks.values()):
        changed = hook(value if isinstance(value, Tensor) else wrap(value))
        if changed is not None:
            value = changed if isinstance(value, Tensor) else changed.array
    return value


def accumulate(leaf: Tensor, value: Any, owned: bool = False) -> None:
    """Adds to `.grad` in place; the first gradient is copied, because rules may hand out shared memory."""
    if isinstance(value, Tensor):
        leaf.grad = value if leaf.grad is None else leaf.grad.add(value)
    elif leaf.grad is None:
        leaf.grad = wrap(value if owned else np.array(value, order="C"))
    else:
        leaf.grad.array += value
        leaf.grad.counter.count += 1
