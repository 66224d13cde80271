"""Whether two versions of a model differ under real torch: run directly, in this process, without the verifier."""

from __future__ import annotations

import hashlib
import math
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import torch

Seen = dict[str, Any]
Bits = Callable[[torch.Tensor], Any]
_ORIGINALS: dict[tuple[str, str], list[Seen]] = {}


@dataclass(frozen=True)
class Setting:
    """How a pair is built and called: constructor arguments, inputs as (dtype, shape, highest), keys of A to B.

    `double`: in float64, of which ten digits are looked at.
    """

    model: str
    init_args: Mapping[str, Any]
    cases: tuple[tuple[tuple[str, tuple[int, ...], int | None], ...], ...]
    keys: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    double: bool = False


def differ(a: str, b: str, setting: Setting) -> bool:
    """Whether anything a caller could see is not the same, bit for bit, in any case, mode or step.

    In float64 all but rounding is seen, and nothing of it: `a * b` and `b * a` have their gradients added in another
    order.
    """
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
    bits = _digits if setting.double else _bits
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = _defined(text, setting.model)(**setting.init_args)
        model = model.double() if setting.double else model
        state = {**dict(model.named_parameters(remove_duplicate=False)), **dict(model.named_buffers())}
        kinds = dict(model.named_parameters(remove_duplicate=False))
        seen: list[Seen] = [{"kinds": [key in kinds for key, _ in keys], "own": len(state) - len(keys)}]
        for number, case in enumerate(setting.cases):
            for training in (True, False):
                _fill(state, keys, names)
                model.train(training)
                for step in range(2 if training else 1):
                    one = _step(model, case, 10 * number + step, bits)
                    one["state"] = [bits(state[key].t() if turned else state[key]) for key, turned in keys]
                    gradients = [state[key].grad for key, _ in keys]
                    one["gradients"] = [
                        None if grad is None else bits(grad.t() if turned else grad)
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


def _step(model: Any, case: tuple[tuple[str, tuple[int, ...], int | None], ...], seed: int, bits: Bits) -> Seen:
    draw = torch.Generator().manual_seed(seed)
    inputs = [_input(*spec, draw) for spec in case]
    if bits is _digits:
        inputs = [one.detach().double().requires_grad_() if one.is_floating_point() else one for one in inputs]
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
    seen = {"outputs": [_shown(one, bits) for one in outputs], "inputs": [_shown(one, bits) for one in leaves]}
    return {**seen, "input gradients": [None if one.grad is None else bits(one.grad) for one in inputs]}


def _input(dtype: str, shape: tuple[int, ...], high: int | None, draw: torch.Generator) -> torch.Tensor:
    if dtype.startswith("float"):
        return (torch.rand(shape, generator=draw) * 3 - 1.5).to(getattr(torch, dtype)).requires_grad_()
    return torch.randint(0, high or 2, shape, generator=draw).to(getattr(torch, dtype))


def _leaves(value: Any) -> Any:
    yield type(value).__name__ if isinstance(value, (tuple, list, dict)) else value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else ():
        yield from _leaves(item)


def _shown(value: Any, bits: Bits) -> Any:
    return (bits(value), value.requires_grad) if isinstance(value, torch.Tensor) else repr(value)


def _bits(tensor: torch.Tensor) -> tuple[str, tuple[int, ...], bytes]:
    plain = tensor.detach().contiguous()
    return str(plain.dtype), tuple(plain.shape), plain.numpy().tobytes()


def _digits(tensor: torch.Tensor) -> tuple[str, tuple[int, ...], bytes]:
    """Ten digits of every number, counted from the largest; what is next to nothing is nothing.

    The gradient of a bias before a batch norm is nothing but rounding.
    """
    if not tensor.is_floating_point() or not tensor.numel():
        return _bits(tensor)
    largest = max(float(tensor.detach().abs().nan_to_num().max()), 1e-3)
    return _bits((tensor.detach() / largest).round(decimals=10) + 0.0)
