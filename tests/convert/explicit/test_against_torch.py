"""Functions of explicit weights against the modules they become, under real torch, bit for bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nnflip.convert import Options, convert_source

torch = pytest.importorskip("torch", reason="torch is the referee here")
pytestmark = pytest.mark.torch

from explicit_referee import check_function  # noqa: E402
from referee import names_of  # noqa: E402

SAMPLES = Path(__file__).parents[3] / "samples" / "explicit"
HEAD = "import torch\nimport torch.nn.functional as F\n\n\n"
INITS = pytest.mark.parametrize("init", ["keep", "exact", "default"])

BODIES = {
    "running statistics": (
        """
def make():
    p = {}
    p["conv.weight"] = torch.empty(4, 3, 3, 3)
    torch.nn.init.kaiming_normal_(p["conv.weight"])
    p["bn.weight"], p["bn.bias"] = torch.ones(4), torch.zeros(4)
    return p


def make_all():
    p = {}
    p["conv.weight"] = torch.empty(4, 3, 3, 3)
    torch.nn.init.kaiming_normal_(p["conv.weight"])
    p["n.weight"] = torch.ones(4)
    p["n.bias"] = torch.zeros(4)
    p["emb"] = torch.randn(7, 2)
    return p


def f(x, i, p):
    x = F.conv2d(x, p["conv.weight"], None, 2, 1)
    x = F.group_norm(x, 2, p["n.weight"], p["n.bias"])
    return x.mean((2, 3)).sum() + F.embedding(i, p["emb"]).sum()
""",
        "make_all",
        lambda: [torch.randn(2, 3, 8, 8), torch.tensor([1, 3])],
        2,
    ),
    "helpers and keywords": (
        """
def weight(o, *, i):
    return torch.randn(o, i)


def scaled(o, i, by=0.5):
    return torch.randn(o, i) * by


def make():
    return dict(
        hidden_weight=scaled(6, 4),
        hidden_bias=torch.full((6,), 0.5),
        out_weight=scaled(2, i=6, by=2.0),
    )


def hidden(p, x):
    return torch.tanh(F.linear(x, p["hidden_weight"], bias=p["hidden_bias"]))


def f(p, x):
    w = p["out_weight"]
    return F.linear(hidden(x=x, p=p), w)
""",
        "make",
        lambda: [torch.randn(3, 4)],
        0,
    ),
    "one weight used twice": (
        """
def make():
    return {"cell.weight": torch.randn(4, 4), "cell.bias": torch.zeros(4)}


def f(p, x):
    for _ in range(3):
        x = torch.sigmoid(F.linear(x, p["cell.weight"], p["cell.bias"]))
    return x
""",
        "make",
        lambda: [torch.randn(3, 4)],
        0,
    ),
    "paths of several words": (
        """
def make():
    return {
        "encoder.layers.0.weight": torch.randn(5, 4),
        "encoder.layers.0.bias": torch.randn(5),
        "encoder.layers.1.weight": torch.randn(5, 5),
        "encoder.norm.weight": torch.ones(5),
        "encoder.norm.bias": torch.zeros(5),
        "head.pop": torch.randn(2, 5),
    }


def f(p, x):
    x = F.relu(F.linear(x, p["encoder.layers.0.weight"], p["encoder.layers.0.bias"]))
    x = F.linear(x, p["encoder.layers.1.weight"])
    x = F.layer_norm(x, (5,), p["encoder.norm.weight"], p["encoder.norm.bias"])
    return F.linear(x, p["head.pop"])
""",
        "make",
        lambda: [torch.randn(3, 4)],
        0,
    ),
}


@INITS
@pytest.mark.parametrize("name", BODIES)
def test_a_function_is_the_module_it_becomes(name: str, init: Any) -> None:
    body, maker, inputs, position = BODIES[name]
    done = convert_source(HEAD + body.lstrip("\n"), Options("module", init=init))
    assert done.changed, [found.render(name) for found in done.all_kept]
    check_function(done, "f", maker, inputs, position=position, same_start=init == "exact")


@INITS
def test_the_samples_are_the_modules_they_become(init: Any) -> None:
    for name, function, maker, arguments, shape in (
        ("returned_dictionary", "net", "init_params", (5,), (2, 1, 8, 8)),
        ("list_of_weights", "predict", "make", (4, 6), (3, 4)),
        ("helpers", "net", "init", (), (2, 3, 8, 8)),
        ("loops", "net", "init", (), (2, 4)),
    ):
        done = convert_source((SAMPLES / name / "explicit.py").read_text(), Options("module", init=init))
        inputs = lambda shape=shape: [torch.randn(*shape)]  # noqa: E731
        place = 1 if name == "helpers" else 0
        check_function(done, function, maker, inputs, arguments=arguments, position=place, same_start=init == "exact")


def test_the_code_around_trains_the_module_as_it_trained_the_dictionary() -> None:
    text = (SAMPLES / "returned_dictionary" / "explicit.py").read_text()
    seen = []
    for one in (text, convert_source(text, Options("module", init="exact")).text):
        torch.manual_seed(1)
        seen.append(names_of(one)["train"](torch.randn(2, 1, 8, 8), torch.tensor([1, 2])))
    assert torch.equal(seen[0][0], seen[1][0])
    assert seen[0][1] == seen[1][1]


@pytest.mark.parametrize(
    "name", ["loose_tensors", "module_variables", "plain_class", "nested_helpers", "comprehension"]
)
def test_a_script_prints_the_same(name: str, capsys: Any) -> None:
    text = (SAMPLES / name / "explicit.py").read_text()
    seen = []
    for one in (text, convert_source(text, Options("module", init="exact")).text):
        torch.manual_seed(1)
        names_of(one)
        seen.append(capsys.readouterr().out)
    assert seen[0] == seen[1]
