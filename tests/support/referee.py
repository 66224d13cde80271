"""Real torch as the referee: runs a model file before and after a conversion, and holds every number against the other.

Both texts define the class `Net`. What must agree, bit for bit: outputs, gradients of inputs and parameters, buffers,
in train and in eval mode; the random stream; where asked, the initial state.
"""

from __future__ import annotations

import contextlib
import copy
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from nnflip.convert import Conversion, ModelOutcome

Inputs = Callable[[], Sequence[Any]]


def names_of(text: str, label: str = "file") -> dict[str, Any]:
    """The names that a file's text defines when it runs."""
    module = ModuleType(label)
    sys.modules[label] = module  # dataclasses look their module up
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(text, label, "exec"), module.__dict__)
    finally:
        del sys.modules[label]
    return module.__dict__


class Referee:
    """Compares `Net` of two texts. `same_start`: the same seed must give the same initial state and random stream.

    A model that fails passes only with `may_fail`, and only if it fails in the same way. Where the conversion says that
    it is close, so may be the numbers, but not the initial state, nor the random stream.
    """

    def __init__(
        self,
        conversion: Conversion,
        inputs: Inputs,
        *,
        same_start: bool,
        arguments: Sequence[Any] = (),
        steps: int = 3,
        may_fail: bool = False,
    ) -> None:
        self.conversion = conversion
        self.inputs = inputs
        self.same_start = same_start
        self.arguments = arguments
        self.steps = steps
        self.may_fail = may_fail
        self.turned: set[str] = set()
        self.outcomes = {model.name: model for model in conversion.models}

    def check(self) -> None:
        """Raise AssertionError where the conversion changed anything but the style."""
        before, after = (self._built(text) for text in (self.conversion.source, self.conversion.text))
        if isinstance(before, Exception) or isinstance(after, Exception):
            assert self.may_fail, f"building: before {before!r}, after {after!r}"
            assert type(before) is type(after), f"building: before {before!r}, after {after!r}"
            return
        (old, next_before), (new, next_after) = before, after
        moves = self._moves(old, new)
        if self.same_start:
            _same(next_before, next_after, "the next random number")
            self._same_states(old, new, moves, "initial", close=False)
        else:
            _same_shapes(self._turned(old.state_dict()), new.state_dict(), moves)
            self._carry(old, new, moves)
        assert old.training == new.training
        for step in range(self.steps):
            self._step(old, new, moves, step, train=True)
        old.eval()
        new.eval()
        self._step(old, new, moves, self.steps, train=False)
        old.train()
        new.train()
        self._step(old, new, moves, self.steps + 1, train=True)

    def _built(self, text: str) -> Any:
        import torch

        try:
            space = names_of(text)
            torch.manual_seed(7)
            net = space["Net"](*self.arguments)
            return net, torch.rand(3)
        except Exception as error:
            return error

    def _moves(self, old: Any, new: Any) -> dict[str, str]:
        """Old key → new key for every entry, wildcards and inherited entries written out: the whole state."""
        found = dict(self._entries(old, "", ""))
        keys, images = set(old.state_dict()), set(new.state_dict())
        self.added = set(self._told(new, "", "added"))
        if any(kind.__name__ not in self.outcomes for kind in type(old).__mro__ if kind.__module__ == "file"):
            found |= {key: key for key in keys - set(found)}  # of a class that is no model of ours, and so untouched
        missing = keys - set(found) - set(self._told(old, "", "removed"))
        assert not missing, f"the state map leaves out {sorted(missing)}"
        moves = {key: to for key, to in found.items() if key in keys}  # a tensor may be None under these arguments
        promised = set(moves.values()) | self.added
        assert images == promised, f"keys from nowhere: {images - promised}; promised keys: {promised - images}"
        return moves

    def _entries(self, module: Any, old: str, new: str) -> Iterator[tuple[str, str]]:
        """The moves that the outcomes of a module's class and of its bases tell, with their children's."""
        for outcome in self._outcomes(module):
            for key, move in outcome.state_map.items():
                if not key.endswith(".*"):
                    if move.transform == "transpose":
                        self.turned.add(old + key)
                    yield old + key, new + move.key
                    continue
                child = module.get_submodule(key[:-2]) if key[:-2] in dict(module.named_modules()) else None
                if child is not None:
                    yield from self._entries(child, f"{old}{key[:-1]}", f"{new}{move.key[:-1]}")
        if not self._outcomes(module):  # a container, or a class from elsewhere
            names = dict(module.named_children())
            yield from ((old + key, new + key) for key in module.state_dict() if key.partition(".")[0] not in names)
            for name, child in names.items():
                yield from self._entries(child, f"{old}{name}.", f"{new}{name}.")

    def _told(self, module: Any, prefix: str, what: str) -> Iterator[str]:
        for outcome in self._outcomes(module):
            yield from (prefix + key for key in getattr(outcome, what))
        for name, child in module.named_children():
            yield from self._told(child, f"{prefix}{name}.", what)

    def _outcomes(self, module: Any) -> list[ModelOutcome]:
        return [self.outcomes[kind.__name__] for kind in type(module).__mro__ if kind.__name__ in self.outcomes]

    def _carry(self, old: Any, new: Any, moves: Mapping[str, str]) -> None:
        import torch

        state = self._turned(old.state_dict())
        given = {moves[key]: copy.deepcopy(value) for key, value in state.items() if key in moves}
        problems = new.load_state_dict(given, strict=False)
        assert not problems.unexpected_keys
        assert set(problems.missing_keys) <= self.added
        assert isinstance(new, torch.nn.Module)

    def _step(self, old: Any, new: Any, moves: Mapping[str, str], seed: int, *, train: bool) -> None:
        mode = f"step {seed} ({'train' if train else 'eval'})"
        before, after = (self._ran(net, seed) for net in (old, new))
        if isinstance(before, Exception) or isinstance(after, Exception):
            assert self.may_fail, f"{mode}: before {before!r}, after {after!r}"
            assert type(before) is type(after), f"{mode}: before {before!r}, after {after!r}"
            return
        for what, one, other in zip(("outputs", "input gradients", "random stream"), before, after, strict=True):
            _same(one, other, f"{mode}: {what}", close=self.conversion.close and what != "random stream")
        theirs = dict(new.named_parameters(remove_duplicate=False))
        for name, parameter in old.named_parameters(remove_duplicate=False):
            twin = theirs[moves[name]]
            assert parameter.requires_grad == twin.requires_grad, f"{mode}: requires_grad of {name}"
            grad = None if parameter.grad is None else self._turned({name: parameter.grad})[name]
            _same(grad, twin.grad, f"{mode}: gradient of {name}", close=self.conversion.close)
        _learn(old)
        _learn(new)
        self._same_states(old, new, moves, mode, close=self.conversion.close)

    def _turned(self, entries: Mapping[str, Any]) -> dict[str, Any]:
        """The entries as the new model holds them."""
        return {key: value.t().contiguous() if key in self.turned else value for key, value in entries.items()}

    def _same_states(self, old: Any, new: Any, moves: Mapping[str, str], what: str, *, close: bool) -> None:
        before, after = self._turned(old.state_dict()), new.state_dict()
        for key, to in moves.items():
            assert (key in before) == (to in after), f"{what}: {key} → {to}: only one of them is there"
            if key in before:
                _same(before[key], after[to], f"{what}: {key} → {to}", close=close)

    def _ran(self, net: Any, seed: int) -> Any:
        import torch

        net.zero_grad()
        torch.manual_seed(seed)
        given = [_leaf(value) for value in self.inputs()]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                outputs = net(*given)
        except Exception as error:
            return error
        drawn = torch.rand(2)
        tensors = [value for value in _flat(outputs) if isinstance(value, torch.Tensor)]
        total = sum((_weighed(value) for value in tensors if value.requires_grad), start=torch.zeros(()))
        with contextlib.suppress(RuntimeError):
            if total.requires_grad:
                total.backward()
        return outputs, [getattr(value, "grad", None) for value in given], drawn


def _leaf(value: Any) -> Any:
    import torch

    if isinstance(value, torch.Tensor) and value.is_floating_point():
        return value.detach().clone().requires_grad_()
    return value


def _weighed(value: Any) -> Any:
    """A sum in which every entry counts differently, so that no gradient is lost by symmetry."""
    import torch

    weights = torch.linspace(0.5, 1.5, value.numel(), dtype=value.dtype).reshape(value.shape)
    return (value * weights).sum().float()


def _learn(net: Any) -> None:
    import torch

    with torch.no_grad():
        for parameter in net.parameters():
            if parameter.grad is not None:
                parameter -= 0.01 * parameter.grad


def _flat(value: Any) -> list[Any]:
    if isinstance(value, (tuple, list)):
        return [entry for part in value for entry in _flat(part)]
    if isinstance(value, dict):
        return [entry for part in value.values() for entry in _flat(part)]
    return [value]


def _same(one: Any, other: Any, what: str, *, close: bool = False) -> None:
    import torch

    ones, others = _flat(one), _flat(other)
    assert len(ones) == len(others), f"{what}: {len(ones)} values before, {len(others)} after"
    for left, right in zip(ones, others, strict=True):
        if isinstance(left, torch.Tensor) and isinstance(right, torch.Tensor):
            assert (left.dtype, left.shape) == (right.dtype, right.shape), f"{what}: {left.shape} {right.shape}"
            assert left.layout == right.layout, f"{what}: {left.layout} {right.layout}"
            left, right = left.to_dense(), right.to_dense()
            if close:
                torch.testing.assert_close(left, right, equal_nan=True, msg=lambda said: f"{what}: {said}")
                continue
            equal = torch.equal(torch.nan_to_num(left, nan=1e9), torch.nan_to_num(right, nan=1e9))
            assert equal, f"{what} differ: {left.detach().flatten()[:4]} and {right.detach().flatten()[:4]}"
        else:
            assert type(left) is type(right), f"{what}: {left!r} and {right!r}"


def _same_shapes(old: Mapping[str, Any], new: Mapping[str, Any], moves: Mapping[str, str]) -> None:
    for key, to in moves.items():
        left, right = old[key], new[to]
        assert (left.dtype, left.shape) == (right.dtype, right.shape), f"{key} {left.shape} became {to} {right.shape}"
