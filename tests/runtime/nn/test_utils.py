"""torch.nn.utils: the same scenarios on torch and on the runtime give the same events."""

# ruff: noqa: B023 - every lambda is called, and its outcome kept, before the scenario goes on

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest


def net(torch: Any) -> Any:
    torch.manual_seed(0)
    m = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Linear(3, 1))
    m(torch.tensor([[3.0, 4.0], [1.0, -2.0]])).sum().backward()
    return m


def rounded(tensor: Any) -> Any:
    return [round(value, 4) for value in tensor.detach().reshape(-1).tolist()]


def clipping(torch: Any) -> Iterator[Any]:
    utils = torch.nn.utils
    for norm_type in (2.0, 1.0, 3, float("inf"), 0):
        m = net(torch)
        yield round(utils.clip_grad_norm_(m.parameters(), 1.0, norm_type).item(), 4)
        yield [rounded(p.grad) for p in m.parameters()]
    m = net(torch)
    yield utils.clip_grad_norm_(m.parameters(), 1e6).shape, utils.clip_grad_norm_([], 1.0)
    utils.clip_grad_value_(m.parameters(), 0.5)
    yield [rounded(p.grad) for p in m.parameters()]
    yield lambda: type(utils.clip_grad_norm(m.parameters(), 1.0)).__name__
    m[0].weight.grad.fill_(float("inf"))
    yield lambda: utils.clip_grad_norm_(m.parameters(), 1.0, error_if_nonfinite=True)
    utils.clip_grad_norm_(m[1].weight, 0.1)
    yield rounded(m[1].weight.grad), round(utils.get_total_norm([torch.ones(4), torch.ones(5)]).item(), 4)


def vectors(torch: Any) -> Iterator[Any]:
    m = net(torch)
    vector = torch.nn.utils.parameters_to_vector(m.parameters())
    yield list(vector.shape), vector.requires_grad, rounded(vector)
    torch.nn.utils.vector_to_parameters(torch.arange(13.0), m.parameters())
    yield list(m.parameters())
    yield lambda: torch.nn.utils.vector_to_parameters([1.0], m.parameters())


def skipping(torch: Any) -> Iterator[Any]:
    skip_init = torch.nn.utils.skip_init
    torch.manual_seed(0)
    m = skip_init(torch.nn.Linear, 3, 4, bias=False)
    yield type(m).__name__, list(m.weight.shape), torch.rand(3)
    yield lambda: skip_init(torch.nn.ReLU)
    yield lambda: skip_init(int)


def old_weight_norm(torch: Any) -> Iterator[Any]:
    utils = torch.nn.utils
    torch.manual_seed(0)
    made: list[Any] = []
    yield lambda: made.append(utils.weight_norm(torch.nn.Linear(2, 3)))
    m = made[0]
    yield list(m.state_dict()), repr(m), [rounded(p) for p in m.parameters()], type(m.weight).__name__
    with torch.no_grad():
        m.weight_g.mul_(2)
    m(torch.ones(1, 2)).sum().backward()
    yield rounded(m.weight), rounded(m.weight_g.grad), rounded(m.weight_v.grad)
    yield lambda: utils.weight_norm(m)
    yield repr(utils.remove_weight_norm(m)), list(m.state_dict()), rounded(m.weight)
    yield lambda: utils.remove_weight_norm(torch.nn.ReLU())
    conv = torch.nn.Conv1d(2, 3, 2)
    yield lambda: list(utils.weight_norm(conv, dim=None).weight_g.shape)


def new_weight_norm(torch: Any) -> Iterator[Any]:
    utils = torch.nn.utils
    torch.manual_seed(0)
    m = utils.parametrizations.weight_norm(torch.nn.Linear(2, 3))
    yield list(m.state_dict()), repr(m), [name for name, _ in m.named_parameters()], type(m).__name__
    m(torch.ones(1, 2)).sum().backward()
    yield [rounded(p.grad) for p in m.parameters()], rounded(m.weight)
    old = {"bias": torch.zeros(3), "weight_g": torch.ones(3, 1), "weight_v": torch.ones(3, 2)}
    yield lambda: m.load_state_dict(old)
    yield rounded(m.weight), utils.parametrize.is_parametrized(m), utils.parametrize.is_parametrized(m, "bias")
    twin = copy.deepcopy(m)
    yield rounded(twin.weight), twin.parametrizations.weight.original0 is m.parametrizations.weight.original0
    utils.parametrize.remove_parametrizations(m, "weight")
    yield repr(m), list(m.state_dict()), type(m).__name__, type(m.weight).__name__, rounded(m.weight)
    yield lambda: utils.parametrize.remove_parametrizations(twin, "weight", leave_parametrized=False)


def spectral(torch: Any) -> Iterator[Any]:
    spectral_norm = torch.nn.utils.parametrizations.spectral_norm
    torch.manual_seed(0)
    for layer in (torch.nn.Linear(4, 3), torch.nn.Conv2d(2, 3, 2), torch.nn.ConvTranspose2d(2, 3, 2)):
        m = spectral_norm(layer)
        yield list(m.state_dict()), repr(m), rounded(m.weight), rounded(m.weight), rounded(m.eval().weight)
    m = spectral_norm(torch.nn.Linear(4, 3), n_power_iterations=3)
    m(torch.ones(1, 4)).sum().backward()
    yield [rounded(p.grad) for p in m.parameters()]
    yield lambda: spectral_norm(torch.nn.Linear(4, 3), n_power_iterations=0)
    yield lambda: spectral_norm(torch.nn.Linear(4, 3), dim=5)
    yield lambda: spectral_norm(torch.nn.ReLU())


def old_spectral(torch: Any) -> Iterator[Any]:
    utils = torch.nn.utils
    torch.manual_seed(0)
    for layer in (torch.nn.Linear(4, 3), torch.nn.ConvTranspose2d(2, 3, 2)):
        m = utils.spectral_norm(layer)
        x = torch.ones(1, 4) if type(m).__name__ == "Linear" else torch.ones(1, 2, 2, 2)
        yield list(m.state_dict()), repr(m), m.state_dict()._metadata, rounded(m.weight)
        m(x).sum().backward()
        yield rounded(m.weight), rounded(m.weight_u), rounded(m.weight_orig.grad), rounded(m.eval()(x))
        yield lambda: utils.spectral_norm(m)
        yield repr(utils.remove_spectral_norm(m)), list(m.state_dict()), rounded(m.weight), m.state_dict()._metadata
    yield lambda: utils.remove_spectral_norm(m)
    yield lambda: utils.spectral_norm(m, n_power_iterations=0)


def parametrizing(torch: Any) -> Iterator[Any]:
    parametrize, nn = torch.nn.utils.parametrize, torch.nn

    class Symmetric(nn.Module):
        def forward(self, x: Any) -> Any:
            return x.triu() + x.triu(1).transpose(-1, -2)

        def right_inverse(self, x: Any) -> Any:
            return x.triu()

    class Twice(nn.Module):
        def forward(self, x: Any) -> Any:
            return x * 2

    class Cut(nn.Module):
        def forward(self, x: Any) -> Any:
            return x[:1]

    torch.manual_seed(0)
    m = nn.Linear(3, 3)
    yield parametrize.register_parametrization(m, "weight", Symmetric()) is m, repr(m), list(m.state_dict())
    yield rounded(m.weight), parametrize.type_before_parametrizations(m).__name__
    m.weight = torch.ones(3, 3)
    yield rounded(m.weight), rounded(m.parametrizations.weight.original)
    parametrize.register_parametrization(m, "weight", Twice())
    yield rounded(m.weight), repr(m)
    with parametrize.cached():
        yield m.weight is m.weight
    yield m.weight is m.weight
    yield lambda: setattr(m, "weight", torch.ones(3, 3))
    m(torch.ones(1, 3)).sum().backward()
    yield rounded(m.parametrizations.weight.original.grad)
    parametrize.remove_parametrizations(m, "weight", leave_parametrized=False)
    yield rounded(m.weight), repr(m)
    yield lambda: parametrize.register_parametrization(m, "nope", Twice())
    yield lambda: parametrize.register_parametrization(m, "weight", Cut())
    yield lambda: list(parametrize.register_parametrization(nn.Linear(3, 3), "weight", Cut(), unsafe=True).weight.shape)


def packing(torch: Any) -> Iterator[Any]:
    rnn = torch.nn.utils.rnn
    x = torch.arange(30.0).reshape(5, 2, 3)
    for lengths, ordered in (([5, 3], True), (torch.tensor([2, 4]), False), ([3, 3], True)):
        packed = rnn.pack_padded_sequence(x, lengths, enforce_sorted=ordered)
        yield list(packed)
        yield rnn.pad_packed_sequence(packed, padding_value=-1.0), rnn.pad_packed_sequence(packed, True, total_length=6)
    for lengths, ordered in (([5, 6], True), ([3, 5], True), ([5, 0], True), ([5, 3, 2], True)):
        yield lambda: rnn.pack_padded_sequence(x, lengths, enforce_sorted=ordered)
    yield lambda: rnn.pad_packed_sequence(packed, total_length=2)
    parts = [torch.ones(2, 2), torch.ones(3, 2)]
    yield (
        rnn.pad_sequence(parts),
        rnn.pad_sequence(parts, True, 7.0, "left"),
        rnn.unpad_sequence(x, torch.tensor([2, 5])),
    )
    yield lambda: rnn.pad_sequence(3)
    yield lambda: rnn.pack_sequence(parts)
    yield rnn.unpack_sequence(rnn.pack_sequence(parts, enforce_sorted=False))
    yield lambda: rnn.PackedSequence(torch.ones(3))
    yield str(packed.double().data.dtype), packed.is_cuda, packed.to(torch.float64).data.shape


def recurring_over_packed_sequences(torch: Any) -> Iterator[Any]:
    rnn = torch.nn.utils.rnn
    x = torch.arange(30.0).reshape(5, 2, 3)
    torch.manual_seed(0)
    for layer in (
        torch.nn.GRU(3, 2, 2, bidirectional=True),
        torch.nn.LSTM(3, 2, bidirectional=True),
        torch.nn.RNN(3, 2),
    ):
        given = rnn.pack_padded_sequence((x / 30).requires_grad_(), [2, 4], enforce_sorted=False)
        out, state = layer(given)
        yield rounded(out.data), list(out.batch_sizes), [rounded(one) for one in state]
        out.data.pow(2).sum().backward()
        yield [rounded(p.grad) for p in layer.parameters()]


@pytest.mark.torch
@pytest.mark.parametrize(
    "story",
    [
        clipping,
        vectors,
        skipping,
        old_weight_norm,
        new_weight_norm,
        spectral,
        old_spectral,
        parametrizing,
        packing,
        recurring_over_packed_sequences,
    ],
    ids=lambda story: story.__name__,
)
def test_behaves_as_in_torch(story: Any, torch: Any, runtime: Any, events: Any) -> None:
    expected = events(story, torch)
    actual = events(story, runtime)
    for place, (one, other) in enumerate(zip(actual, expected, strict=True)):
        assert one == other, f"event {place}"
