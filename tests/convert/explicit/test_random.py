"""Random functions of explicit weights: the module that each becomes is the function, bit for bit, or it stays."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnflip.convert import Options, convert_source

torch = pytest.importorskip("torch", reason="torch is the referee here")
pytestmark = pytest.mark.torch

from explicit_referee import check_function  # noqa: E402

MAKERS = ["torch.randn({})", "torch.rand({}) * 0.5", "torch.ones({})", "scaled({})", "torch.full(({},), 0.25)"]
KEYS = ["fc{}.{}", "net.{}.{}", "block{}_{}", "a.b{}.{}", "{1}{0}"]
HEAD = """import torch
import torch.nn.functional as F


def scaled(o, i, by=0.1):
    return torch.randn(o, i) * by


def lin(x, p, w, b=None):
    return F.linear(x, p[w], b)


"""


@dataclass(frozen=True)
class Layer:
    """One step: its kind, the sizes around it, and how its weights are made and called."""

    kind: str
    wide: int
    bias: bool
    maker: str
    key: str


LAYERS = st.lists(
    st.builds(
        Layer,
        st.sampled_from(["linear", "linear", "norm", "scale", "relu", "helper"]),
        st.integers(1, 5),
        st.booleans(),
        st.sampled_from(MAKERS),
        st.sampled_from(KEYS),
    ),
    min_size=1,
    max_size=5,
)


def text_of(layers: list[Layer], form: str, *, first: bool) -> str:
    """A file with a maker and a function of these layers."""
    made: list[tuple[str, str]] = []
    body: list[str] = []
    size = 3
    for number, layer in enumerate(layers):
        weight, bias = (layer.key.format(number, word) for word in ("weight", "bias"))
        match layer.kind:
            case "linear" | "helper":
                made.append((weight, layer.maker.format(f"{layer.wide}, {size}")))
                made += [(bias, f"torch.zeros({layer.wide})")] if layer.bias else []
                given_bias = f', p["{bias}"]' if layer.bias else ""
                call = f'lin(x, p, "{weight}"{given_bias})' if layer.kind == "helper" else ""
                body.append(f"x = {call}" if call else f'x = F.linear(x, p["{weight}"]{given_bias})')
                size = layer.wide
            case "norm":
                made += [(weight, f"torch.ones({size})"), (bias, f"torch.zeros({size})")]
                body.append(f'x = F.layer_norm(x, ({size},), p["{weight}"], p["{bias}"])')
            case "scale":
                made.append((f"scale{number}", f"torch.ones({size})"))
                body.append(f'x = x * p["scale{number}"]')
            case _:
                body.append("x = F.relu(x)")
    if form == "display":
        maker = ["return {", *(f'    "{key}": {value},' for key, value in made), "}"]
    else:
        maker = ["p = {}", *(f'p["{key}"] = {value}' for key, value in made), "return p"]
    head = "def f(p, x):" if first else "def f(x, p):"
    lines = ["def make():", *(f"    {line}" for line in maker), "", "", head, *(f"    {line}" for line in body)]
    return HEAD + "\n".join([*lines, "    return x", ""])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(LAYERS, st.sampled_from(["display", "statements"]), st.booleans(), st.sampled_from(["keep", "exact"]))
def test_a_function_is_the_module_that_it_becomes(layers: list[Layer], form: str, first: bool, init: str) -> None:
    text = text_of(layers, form, first=first)
    done = convert_source(text, Options("module", init=init))  # type: ignore[arg-type]
    assert convert_source(done.text, Options("module", init=init)).text == done.text  # type: ignore[arg-type]
    if not any(site.what.startswith("def ") for model in done.models for site in model.converted):
        assert done.text == text
        return
    check_function(
        done, "f", "make", lambda: [torch.randn(2, 3)], position=0 if first else 1, same_start=init == "exact"
    )


def test_most_random_functions_become_modules() -> None:
    layers = [Layer("linear", 4, True, MAKERS[0], KEYS[0]), Layer("helper", 2, True, MAKERS[3], KEYS[1])]
    done = convert_source(text_of(layers, "statements", first=True), Options("module"))
    assert "class Net(nn.Module)" in done.text
