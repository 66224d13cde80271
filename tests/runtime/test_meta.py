"""Meta tensors have shape, dtype and device, draw nothing, and refuse to be computed with."""

from __future__ import annotations

import copy
from typing import Any

import pytest

import nnflip.runtime as runtime

LAYERS = [
    "nn.Linear(3, 4, device='meta')",
    "nn.Conv2d(3, 4, 3, device='meta', dtype=torch.float64)",
    "nn.BatchNorm2d(4, device='meta')",
    "nn.Embedding(4, 3, padding_idx=1, device='meta')",
    "nn.LSTM(3, 4, num_layers=2, device='meta')",
    "nn.MultiheadAttention(4, 2, device='meta')",
    "nn.TransformerEncoderLayer(4, 2, device='meta')",
    "nn.LayerNorm(4, device='meta').double()",
    "nn.PReLU(device='meta')",
    "nn.Linear(3, 4).to('meta')",
]


def facts(module: Any) -> list[Any]:
    """What shows of a module's state."""
    return [
        (name, tuple(value.shape), str(value.dtype), str(value.device), value.is_meta, value.requires_grad)
        for name, value in module.state_dict(keep_vars=True).items()
    ]


@pytest.mark.torch
@pytest.mark.parametrize("text", LAYERS)
def test_layers_are_built_as_torch_builds_them(torch: Any, text: str) -> None:
    found = []
    for library in (torch, runtime):
        library.manual_seed(3)
        module = eval(text, {"nn": library.nn, "torch": library})
        seen = facts(module), facts(copy.deepcopy(module)), facts(module.to_empty(device="cpu"))
        found.append((*seen, library.rand(1).item()))
    assert found[0] == found[1]


@pytest.mark.parametrize("text", ["nn.Linear(3, 4, device='meta')", "nn.utils.skip_init(nn.Conv2d, 3, 4, 3)"])
def test_nothing_is_drawn(text: str) -> None:
    runtime.manual_seed(0)
    first = runtime.rand(2)
    runtime.manual_seed(0)
    eval(text, {"nn": runtime.nn})
    assert runtime.equal(runtime.rand(2), first)


@pytest.mark.torch
def test_creation_and_printing_are_torchs(torch: Any) -> None:
    found = []
    for library in (torch, runtime):
        with library.device("meta"):
            made = [library.zeros(2, 3), library.randn(2), library.tensor([1, 2]), library.arange(3)]
            inside = library.get_default_device()
        made += [library.ones(2, device="meta"), library.zeros_like(made[0]), made[0].new_ones(2), made[0].half()]
        made += [library.zeros_like(made[0], device="cpu"), library.ones(2).to("meta"), library.ones(2)]
        found.append([repr(one) for one in made] + [str(inside), str(library.get_default_device())])
    assert found[0] == found[1]


def test_filling_goes_nowhere() -> None:
    x = runtime.empty(2, 3, device="meta")
    assert x.zero_() is x
    assert x.copy_(runtime.ones(2, 3)) is x
    assert runtime.nn.init.kaiming_uniform_(x).shape == (2, 3)


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda x: x + 1, NotImplementedError),
        (lambda x: x @ x.t(), NotImplementedError),
        (runtime.nn.Linear(3, 2), NotImplementedError),
        (lambda x: x.add_(1), NotImplementedError),
        (lambda x: x.to("cpu"), NotImplementedError),
        (lambda x: x.tolist(), NotImplementedError),
        (lambda x: x.numpy(), TypeError),
        (lambda x: runtime.nn.Linear(3, 2, device="meta").to("cpu"), NotImplementedError),
    ],
    ids=["add", "matmul", "linear", "add_", "to cpu", "tolist", "numpy", "module to cpu"],
)
def test_computing_is_refused(act: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="meta"):
        act(runtime.empty(2, 3, device="meta"))


def test_a_meta_module_takes_a_state_by_assignment() -> None:
    module, given = runtime.nn.Linear(3, 2, device="meta"), runtime.nn.Linear(3, 2)
    module.load_state_dict(given.state_dict(), assign=True)
    x = runtime.ones(1, 3)
    assert runtime.equal(module(x), given(x))
