"""Runs one case before and after a conversion under real torch, and says where they differ, bit for bit.

What the report calls close is held to the rule of torch.testing.assert_close.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from nnflip.convert import Conversion, StateMove


def differences(before: ModuleType, after: ModuleType, conversion: Conversion, case: Mapping[str, Any]) -> list[str]:
    """Every difference between the two in eval output, train output, gradients and buffers; empty where equal."""
    first, second = _build(before, case), _build(after, case)
    if isinstance(first, nn.Module):
        moves = dict(_moves(first, conversion, set(second.state_dict())))
        keys = {old: move.key for old, move in moves.items()}
        missing = set(second.state_dict()) - set(keys.values()) - _added(conversion, second)
        if missing:
            return [f"new state keys without an old one: {sorted(missing)[:5]}"]
        carried = {moves[k].key: _turned(v, moves[k]) for k, v in first.state_dict().items() if k in moves}
        second.load_state_dict({**second.state_dict(), **carried})
    else:
        moves = {}
    found: list[str] = []
    for mode in ("eval", "train"):
        one, other = _run(before, first, case, mode), _run(after, second, case, mode)
        found += [f"{mode}: {text}" for text in _compare(one, other, moves, close=conversion.close)]
    return found


def _build(module: ModuleType, case: Mapping[str, Any]) -> Any:
    torch.manual_seed(0)
    np.random.seed(0)
    scope = _scope(module, case)
    return eval(case["build"], scope)


def _scope(module: ModuleType, case: Mapping[str, Any]) -> dict[str, Any]:
    scope = {"m": module, "torch": torch, "nn": nn, "F": F, "np": np, "NS": SimpleNamespace}
    exec(case.get("setup", ""), scope)
    return scope


def _run(module: ModuleType, model: Any, case: Mapping[str, Any], mode: str) -> dict[str, Any]:
    scope = {**_scope(module, case), "model": model}
    training = mode == "train"
    if isinstance(model, nn.Module):
        model.train(training)
        model.zero_grad()
    torch.manual_seed(2 if training else 1)
    call = case.get("train_call", case["call"]) if training else case["call"]
    with torch.set_grad_enabled(training):
        out = eval(call, scope)
    tensors = list(_tensors(out))
    grads: dict[str, Any] = {}
    if training and isinstance(model, nn.Module):
        loss = sum(t.sum() for t in tensors if t.requires_grad)
        if isinstance(loss, torch.Tensor):
            loss.backward()
        grads = {name: p.grad for name, p in model.named_parameters(remove_duplicate=False)}
    buffers = dict(model.named_buffers()) if isinstance(model, nn.Module) else {}
    return {"out": tensors, "grads": grads, "buffers": {k: v.clone() for k, v in buffers.items()}}


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _tensors(part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _tensors(part)


def _compare(
    one: dict[str, Any], other: dict[str, Any], moves: Mapping[str, StateMove], *, close: bool
) -> Iterator[str]:
    if len(one["out"]) != len(other["out"]):
        yield f"{len(one['out'])} outputs against {len(other['out'])}"
    for index, (a, b) in enumerate(zip(one["out"], other["out"], strict=False)):
        if not _same(a, b, close=close):
            yield f"output {index} differs"
    for kind in ("grads", "buffers"):
        for name, value in one[kind].items():
            move = moves.get(name, StateMove(name))
            new, value = move.key, _turned(value, move)
            if new in other[kind] and not _same(value, other[kind][new], close=close):
                yield f"{kind} {name} differs"
            elif new not in other[kind] and value is not None and "num_batches_tracked" not in name:
                yield f"{kind} {name} is gone"


def _turned(value: torch.Tensor | None, move: StateMove) -> torch.Tensor | None:
    return value.t() if value is not None and move.transform == "transpose" else value


def _same(a: torch.Tensor | None, b: torch.Tensor | None, *, close: bool) -> bool:
    if a is None or b is None:
        return a is b
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if not close:
        return torch.equal(torch.nan_to_num(a), torch.nan_to_num(b))
    try:
        torch.testing.assert_close(a, b, equal_nan=True)
    except AssertionError:
        return False
    return True


def _moves(model: nn.Module, conversion: Conversion, new_keys: set[str]) -> Iterator[tuple[str, StateMove]]:
    """Old key → where it went in an instance: each module's own class map, applied along the path."""
    maps = {outcome.name: outcome.state_map for outcome in conversion.models}
    for key in model.state_dict():
        move = _follow(model, key, maps)
        if move.key in new_keys:
            yield key, move


def _follow(module: nn.Module, key: str, maps: Mapping[str, Mapping[str, StateMove]]) -> StateMove:
    moves = maps.get(type(module).__name__)
    if moves is not None and key in moves:
        return moves[key]
    head, _, rest = key.partition(".")
    child = module._modules.get(head)
    if child is None:
        return StateMove(key)
    inside = _follow(child, rest, maps)
    return StateMove(f"{head}.{inside.key}", inside.transform)


def _added(conversion: Conversion, model: nn.Module) -> set[str]:
    """New keys that the report names as new: batch counters of layers that had none."""
    names = {key for outcome in conversion.models for key in outcome.added}
    return {key for key in model.state_dict() if any(key == name or key.endswith("." + name) for name in names)}
