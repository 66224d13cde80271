"""The hazards are what they are said to be: torch itself on the samples, the Fine classes beside the Found ones."""

from __future__ import annotations

import runpy
import warnings
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).parents[3] / "samples" / "hazards"
pytestmark = pytest.mark.torch


def classes(slug: str) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        return runpy.run_path(str(SAMPLES / f"{slug}.py"))


RAISES = {
    "inplace-after-saved-output": (RuntimeError, (2, 3, 5, 5)),
    "flattened-too-early": (RuntimeError, (2, 1, 28, 28)),
    "weight-does-not-fit": (RuntimeError, (2, 8, 9, 9)),
}


@pytest.mark.parametrize("slug", RAISES)
def test_it_raises(torch: Any, slug: str) -> None:
    error, shape = RAISES[slug]
    net = classes(slug)["Found"]()
    with pytest.raises(error):
        net(torch.randn(shape)).sum().backward()


def test_what_is_fine_goes_backward(torch: Any) -> None:
    out, _ = classes("inplace-after-saved-output")["Fine"]()(torch.randn(2, 3, 5, 5))
    out.sum().backward()


@pytest.mark.parametrize(("slug", "name"), [("missing-argument", "Found"), ("train-takes-no-mode", "Found")])
def test_it_is_a_type_error(torch: Any, slug: str, name: str) -> None:
    with pytest.raises(TypeError):
        classes(slug)[name]().eval()


@pytest.mark.parametrize("slug", ["layers-in-plain-container", "parameters-in-plain-container"])
def test_the_parameters_are_unknown(torch: Any, slug: str) -> None:
    found = classes(slug)
    assert list(found["Found"]().parameters()) == []
    assert len(list(found["Fine"]().parameters())) > 0


@pytest.mark.parametrize("slug", ["dropout-always-on", "attention-dropout-always-on"])
def test_eval_does_not_switch_it_off(torch: Any, slug: str) -> None:
    found, attention = classes(slug), slug.startswith("attention")
    for name, same in (("Fine", True), ("Found", False)):
        net = (found[name](0.5) if attention else found[name]()).eval()
        inputs = [torch.randn(1, 2, 16, 16) for _ in range(3 if attention else 1)]
        assert torch.equal(net(*inputs), net(*inputs)) is same


def test_the_value_has_changed_by_then(torch: Any) -> None:
    relu = torch.nn.ReLU(inplace=True)
    x = torch.tensor([-1.0, 2.0])
    identity = x
    relu(x)
    assert identity.tolist() == [0.0, 2.0]


def test_no_gradient_comes_through_data(torch: Any) -> None:
    net = classes("data-in-forward")["Found"]()
    net(torch.randn(2, 8, requires_grad=True)).sum().backward()
    assert net.weight.grad is None


def test_a_layer_built_in_forward_differs_from_call_to_call(torch: Any) -> None:
    net, x = classes("layer-built-in-forward")["Found"](), torch.randn(2, 8)
    assert not torch.equal(net(x), net(x))


def test_the_number_went_to_eps(torch: Any) -> None:
    norm = classes("eps-taken-for-momentum")["Found"]().bn
    assert (norm.eps, norm.momentum) == (0.8, 0.1)
