"""Real torch as the referee for functions of explicit weights: `f(params, x)` before, a module with its keys after."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from referee import names_of

from nnflip.convert import Conversion


def check_function(
    done: Conversion,
    function: str,
    maker: str,
    inputs: Callable[[], Sequence[Any]],
    *,
    arguments: Sequence[Any] = (),
    position: int = 0,
    same_start: bool = False,
) -> None:
    """Raise AssertionError where the module with the dictionary's weights is not the function with the dictionary.

    `maker` is a function that returns the weights, or a variable that holds them; `position` that of the weights among
    the function's arguments. `same_start`: the same seed must give the same weights.
    """
    import torch

    (outcome,) = done.models
    before, after = names_of(done.source, "before"), names_of(done.text, "after")
    torch.manual_seed(3)
    made = before[maker](*arguments) if callable(before[maker]) else before[maker]
    drawn = torch.rand(2)
    weights = {str(number): one for number, one in enumerate(made)} if isinstance(made, list) else dict(made)
    moves = {key: move.key for key, move in outcome.state_map.items()}
    torch.manual_seed(3)
    net = after[outcome.name](*arguments)
    if same_start:
        assert torch.equal(drawn, torch.rand(2))
        assert all(torch.equal(value, net.state_dict()[moves[key]]) for key, value in weights.items())
    assert {*moves.values(), *outcome.added} == set(net.state_dict())
    problems = net.load_state_dict({moves[key]: one.detach() for key, one in weights.items()}, strict=False)
    assert (problems.unexpected_keys, set(problems.missing_keys) - set(outcome.added)) == ([], set())
    buffers = dict(net.named_buffers())
    weights = {key: one.detach().clone().requires_grad_(moves[key] not in buffers) for key, one in weights.items()}
    handed = list(weights.values()) if isinstance(made, list) else weights
    for train in (True, False):
        net.train(train)
        _check_run(before[function], net, handed, inputs, position)
    _check_state(weights, net, moves)


def _check_run(
    function: Callable[..., Any], net: Any, weights: Any, inputs: Callable[[], Sequence[Any]], position: int
) -> None:
    import torch

    torch.manual_seed(5)
    given = list(inputs())
    torch.manual_seed(7)
    one = function(*given[:position], weights, *given[position:])
    torch.manual_seed(7)
    other = net(*given)
    assert torch.equal(one, other)
    one.sum().backward()
    other.sum().backward()


def _check_state(weights: Mapping[str, Any], net: Any, moves: Mapping[str, str]) -> None:
    import torch

    parameters, buffers = dict(net.named_parameters()), dict(net.named_buffers())
    for key, one in weights.items():
        if moves[key] in buffers:
            assert torch.equal(one, buffers[moves[key]]), key
            continue
        gradient = parameters[moves[key]].grad
        assert (one.grad is None and gradient is None) or torch.equal(one.grad, gradient), key
