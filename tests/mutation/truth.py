"""Whether two versions of a model differ under real torch: run directly, in this process, without the verifier."""

from __future__ import annotations

import hashlib
import math
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import torch

Seen = dict[str, Any]
_ORIGINALS: dict[tuple[str, str], list[Seen]] = {}


@dataclass(frozen=True)
class Setting:
    """How a pair is built and called: constructor arguments, inputs as (dtype, shape, highest), keys of A to B."""

    model: str
    init_args: Mapping[str, Any]
    cases: tuple[tuple[tuple[str, tuple[int, ...], int | None], ...], ...]
    keys: Mapping[str, tuple[str, bool]] = field(default_factory=dict)


def differ(a: str, b: str, setting: Setting) -> bool:
    """Whether anything a caller could see is not the same, bit for bit, in any case, mode or step."""
    try:
        theirs = _ran(b, setting, [(key, turned) for key, turned in setting.keys.values()], list(setting.keys))
    except Exception:
        return True
    finally:
        torch.set_grad_enabled(True)
    known = (a, repr(setting))
    if known not in _ORIGINALS:
        _ORIGINALS.clear()  # mutants of one twin come in a row, as a rule
        _ORIGINALS[known] = _ran(a, setting, [(key, False) for key in setting.keys], list(setting.keys))
    return _ORIGINALS[known] != theirs


def _ran(text: str, setting: Setting, keys: list[tuple[str, bool]], names: list[str]) -> list[Seen]:
    torch.set_grad_enabled(True)
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = _defined(text, setting.model)(**setting.init_args)
        state = {**dict(model.named_parameters(remove_duplicate=False)), **dict(model.named_buffers())}
        kinds = dict(model.named_parameters(remove_duplicate=False))
        seen: list[Seen] = [{"kinds": [key in kinds for key, _ in keys], "own": len(state) - len(keys)}]
        for number, case in enumerate(setting.cases):
            for training in (True, False):
                _fill(state, keys, names)
                model.train(training)
                for step in range(2 if training else 1):
                    one = _step(model, case, 10 * number + step)
                    one["state"] = [_bits(state[key].t() if turned else state[key]) for key, turned in keys]
                    gradients = [state[key].grad for key, _ in keys]
                    one["gradients"] = [
                        None if grad is None else _bits(grad.t() if turned else grad)
                        for grad, (_, turned) in zip(gradients, keys, strict=True)
                    ]
                    seen.append(one)
        return seen


def _defined(text: str, name: str) -> Any:
    module = ModuleType("truth_model")
    sys.modules["truth_model"] = module
    exec(compile(text, "truth_model", "exec"), module.__dict__)
    return module.__dict__[name]


def _fill(state: Mapping[str, Any], keys: list[tuple[str, bool]], names: list[str]) -> None:
    """The same numbers for the same entry on both sides, none of them degenerate."""
    done: set[int] = set()
    for (key, turned), name in zip(keys, names, strict=True):
        tensor = state[key]
        tensor.grad = None
        if id(tensor) in done or not tensor.is_floating_point():
            continue
        done.add(id(tensor))
        draw = torch.Generator().manual_seed(int(hashlib.sha256(name.encode()).hexdigest()[:8], 16))
        shape = tuple(reversed(tensor.shape)) if turned else tuple(tensor.shape)
        values = torch.rand(shape, generator=draw) - (0.0 if "var" in name else 0.4)
        if len(shape) > 1:  # of unit gain: where activations are large, GELU and ReLU are one
            values = (values - 0.1) * math.sqrt(12 / max(1, math.prod(shape[1:])))
        with torch.no_grad():
            tensor.copy_(values.t() if turned else values)


def _step(model: Any, case: tuple[tuple[str, tuple[int, ...], int | None], ...], seed: int) -> Seen:
    draw = torch.Generator().manual_seed(seed)
    inputs = [_input(*spec, draw) for spec in case]
    leaves = [one.clone() for one in inputs]
    torch.manual_seed(seed)
    result = model(*leaves)
    outputs = list(_leaves(result))
    loss = sum(
        (one * torch.rand(one.shape, generator=draw)).sum()
        for one in outputs
        if isinstance(one, torch.Tensor) and one.requires_grad
    )
    if isinstance(loss, torch.Tensor):
        loss.backward()
    seen = {"outputs": [_shown(one) for one in outputs], "inputs": [_shown(one) for one in leaves]}
    return {**seen, "input gradients": [None if one.grad is None else _bits(one.grad) for one in inputs]}


def _input(dtype: str, shape: tuple[int, ...], high: int | None, draw: torch.Generator) -> torch.Tensor:
    if dtype.startswith("float"):
        return (torch.rand(shape, generator=draw) * 3 - 1.5).to(getattr(torch, dtype)).requires_grad_()
    return torch.randint(0, high or 2, shape, generator=draw).to(getattr(torch, dtype))


def _leaves(value: Any) -> Any:
    yield type(value).__name__ if isinstance(value, (tuple, list, dict)) else value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else ():
        yield from _leaves(item)


def _shown(value: Any) -> Any:
    return (_bits(value), value.requires_grad) if isinstance(value, torch.Tensor) else repr(value)


def _bits(tensor: torch.Tensor) -> tuple[str, tuple[int, ...], bytes]:
    plain = tensor.detach().contiguous()
    return str(plain.dtype), tuple(plain.shape), plain.numpy().tobytes()
