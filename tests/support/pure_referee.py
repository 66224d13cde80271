"""Real torch as the referee of the pure form: `init_params` and `forward` against the class they were made of.

The reference is `torch.func.functional_call` of the class's module, and the class's own first state for the same seed.
"""

from __future__ import annotations

import copy
import inspect
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from referee import names_of

from nnflip.convert import Conversion

Inputs = Callable[[], Sequence[Any]]
State = dict[str, Any]


class PureReferee:
    """Compares class `name` of the source with the functions of the text. `arguments` go to both constructors."""

    def __init__(
        self, conversion: Conversion, inputs: Inputs, *, name: str = "Net", arguments: Mapping[str, Any] | None = None
    ) -> None:
        self.inputs = inputs
        self.arguments = dict(arguments or {})
        self.before = names_of(conversion.source)[name]
        self.after = names_of(conversion.text)

    def check(self, *, vmap: bool = True) -> None:
        """Raise AssertionError where anything differs in a bit; under vmap, by more than rounding."""
        import torch

        torch.manual_seed(7)
        self.net = self.before(**self.arguments)
        drawn = torch.rand(3)
        params, buffers = self.state(7)
        assert torch.equal(torch.rand(3), drawn), "the random stream after construction"
        self._same_state(params, dict(self.net.named_parameters()), "parameters")
        self._same_state(buffers, dict(self.net.named_buffers()), "buffers")
        assert {*params, *buffers} >= self.net.state_dict().keys()
        for training in (True, False, True):
            buffers = self._step(params, buffers, training)
        if vmap:
            self._stacked()

    def state(self, seed: int) -> tuple[State, State]:
        """The first parameters and buffers."""
        import torch

        torch.manual_seed(seed)
        params = self.after["init_params"](**self.arguments)
        buffers = self.after["init_buffers"](**self.arguments) if "init_buffers" in self.after else {}
        return params, buffers

    def forward(self, params: State, buffers: State, *inputs: Any, training: bool) -> tuple[Any, State]:
        """The value and the buffers afterwards."""
        function = self.after["forward"]
        taken = {
            name: value for name, value in self.arguments.items() if name in inspect.signature(function).parameters
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = function(params, buffers, *inputs, training=training, **taken)
        if isinstance(found, tuple) and buffers and isinstance(found[-1], dict) and found[-1].keys() == buffers.keys():
            return found
        return found, buffers

    def _step(self, params: State, buffers: State, training: bool) -> State:
        """One run with gradients, by autograd and by torch.func.grad; the buffers afterwards."""
        import torch

        self.net.train(training)
        torch.manual_seed(3)
        given = [one.clone() if isinstance(one, torch.Tensor) else one for one in self.inputs()]
        twin = copy.deepcopy(self.net)  # keeps a buffer that is given anew, which functional_call forgets
        twin.load_state_dict({**params, **buffers}, strict=False)
        frozen, seen = _copied(buffers), []

        def reference(params: State) -> Any:
            return _total(torch.func.functional_call(self.net, (params, _copied(buffers)), tuple(given)))

        def loss(params: State) -> Any:
            found, after = self.forward(params, buffers, *given, training=training)
            seen.append(after)
            return _total(found)

        what = f"training={training}"
        for derive in (_derived, torch.func.grad_and_value):
            expected, found = (_seeded(derive(one), params) for one in (reference, loss))
            assert torch.equal(found[1], expected[1]), f"outputs, {what}"
            self._same_state(found[0], expected[0], f"gradients, {what}")
        torch.manual_seed(4)
        assert torch.equal(_total(twin(*given)), expected[1]), f"outputs of the class itself, {what}"
        self._same_state(_copied(seen[0]), dict(twin.named_buffers()), f"buffers afterwards, {what}")
        self._same_state(buffers, frozen, "the buffers that were handed over")
        return _copied(seen[0])

    def _stacked(self) -> None:
        """Three models at once, each as it is alone."""
        import torch

        several = [self.state(seed) for seed in (1, 2, 3)]
        given = [one.detach() if isinstance(one, torch.Tensor) else one for one in self.inputs()]
        alone = [_flat(self.forward(*one, *given, training=False)[0]) for one in several]
        if not several[0][0]:
            return
        params = {key: torch.stack([one[0][key] for one in several]) for key in several[0][0]}
        buffers = {key: torch.stack([one[1][key] for one in several]) for key in several[0][1]}

        def run(params: State, buffers: State) -> Any:
            return tuple(_flat(self.forward(params, buffers, *given, training=False)[0]))

        together = torch.vmap(run)(params, buffers)
        for index, one in enumerate(together):
            expected = torch.stack([each[index] for each in alone])
            torch.testing.assert_close(one, expected)

    def _same_state(self, one: State, other: State, what: str) -> None:
        import torch

        assert one.keys() == other.keys(), f"{what}: {one.keys() ^ other.keys()}"
        for key, value in one.items():
            assert value.dtype == other[key].dtype, f"{what}: {key}"
            assert torch.equal(value, other[key]), f"{what}: {key}"


def _derived(function: Callable[[State], Any]) -> Callable[[State], tuple[State, Any]]:
    """Gradients and value by plain autograd."""

    def run(params: State) -> tuple[State, Any]:
        import torch

        leaves = {key: value.detach().clone().requires_grad_() for key, value in params.items()}
        value = function(leaves)
        if value.requires_grad:
            value.backward()
        none = {key: torch.zeros_like(leaf) for key, leaf in leaves.items()}
        return {key: none[key] if leaf.grad is None else leaf.grad for key, leaf in leaves.items()}, value.detach()

    return run


def _seeded(function: Callable[[State], Any], params: State) -> Any:
    import torch

    torch.manual_seed(4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(params)


def _copied(state: State) -> State:
    return {key: value.detach().clone() for key, value in state.items()}


def _flat(value: Any) -> list[Any]:
    import torch

    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        return [one for part in value.values() for one in _flat(part)]
    return [one for part in value for one in _flat(part)] if isinstance(value, (tuple, list)) else []


def _total(value: Any) -> Any:
    """A sum in which every entry counts differently."""
    import torch

    weights = [torch.linspace(0.5, 1.5, one.numel(), dtype=torch.float32).reshape(one.shape) for one in _flat(value)]
    return sum(
        ((one.float() * weight).sum() for one, weight in zip(_flat(value), weights, strict=True)), start=torch.zeros(())
    )
