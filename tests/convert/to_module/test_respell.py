"""`--respell`: matrix products that are a linear layer in other words become nn.Linear, close and never wrong."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import Any

import pytest

from nnflip.convert import Conversion, Options, convert_source
from nnflip.convert.verify import Request, verify_texts

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SAMPLES = Path(__file__).parents[3] / "samples" / "respell"
CASES = sorted(path.parent for path in SAMPLES.rglob("product.py"))
CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)

NET = """import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, i=4, o=3):
        super().__init__()
        self.w = nn.Parameter({weight})
        self.b = nn.Parameter(torch.zeros(o))
{more}
    def forward(self, x):
        return {product}
"""

IN_OUT = ["x @ self.w", "torch.mm(x, self.w)", "x.matmul(self.w)", "F.linear(x, self.w.t())"]
IN_OUT += ["torch.einsum('bi,io->bo', x, self.w)", "torch.einsum('...i, ij -> ...j', [x, self.w])"]
OUT_IN = [
    "x @ self.w.t()",
    "torch.matmul(x, self.w.T)",
    "x.mm(self.w.transpose(0, 1))",
    "torch.einsum('oi,bi->bo', self.w, x)",
]
OUT_IN += ["x @ self.w.permute(1, 0)", "x @ self.w.transpose(-1, -2)", "x @ self.w.mT"]


def net(product: str, weight: str = "torch.randn(i, o)", more: str = "") -> str:
    rows = "".join(f"        {row}\n" for row in more.splitlines())
    return NET.format(product=product, weight=weight, more=rows)


def respelled(text: str, init: str = "keep", **options: Any) -> Conversion:
    return convert_source(text, Options(to="module", init=init, respell=True, **options))  # type: ignore[arg-type]


def said(there: Conversion) -> list[str]:
    return [kept.code for kept in there.all_kept]


# -- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("product", "code"),
    [
        pytest.param("self.w.data.mul_(x)", "NF261", id="a method that scales by a tensor"),
        pytest.param("(self.w * self.w).sum() * x", "NF261", id="arithmetic on the weight"),
        pytest.param("self.w[0] * x", "NF261", id="a row of the weight"),
        pytest.param("(x, self.w)", "NF261", id="the weight itself"),
        pytest.param("self.w.shape", "NF261", id="a whole shape"),
        pytest.param("self.w.grad", "NF261", id="a gradient"),
        pytest.param("x @ self.w.t() @ self.w", "NF203", id="a weight that is used both ways round"),
        pytest.param("F.linear(x, self.w)", "NF203", id="a weight that F.linear takes as it stands"),
    ],
)
def test_a_use_that_shows_the_layout_keeps_the_product(product: str, code: str) -> None:
    text = net(f"x @ self.w + self.b, {product}")
    there = respelled(text)
    assert there.text == text
    assert code in said(there)


@pytest.mark.parametrize(
    "product",
    [
        "self.w @ x",
        "torch.einsum('bi,ij->bj', x, self.w[0])",
        "torch.einsum('bi,io->ob', x, self.w)",
        "torch.einsum('bi,bo->bo', x, self.w)",
        "torch.einsum('ib,io->bo', x, self.w)",
        "torch.einsum('bi,io', x, self.w)",
        "torch.addmm(self.b, x, self.w, alpha=2)",
        "torch.addmm(self.b, self.w, x)",
        "torch.bmm(x, self.w)",
        "torch.mm(x, self.w, out=x)",
    ],
)
def test_what_is_no_linear_layer_is_no_site(product: str) -> None:
    text = net(product)
    there = respelled(text)
    assert (there.text, said(there)) == (text, [])


def test_a_weight_of_three_axes_is_no_site() -> None:
    text = net("x @ self.w", weight="torch.randn(2, i, o)")
    there = respelled(text)
    assert (there.text, said(there)) == (text, [])


def test_a_weight_of_unknown_shape_is_kept() -> None:
    assert said(respelled(net("x @ self.w", weight="made(i, o)"))) == ["NF205"]


@pytest.mark.parametrize("product", [f"{product} + self.b" for product in IN_OUT] + OUT_IN[3:4])
def test_without_the_option_a_product_that_is_only_close_is_kept(product: str) -> None:
    text = net(product)
    there = convert_source(text, Options(to="module"))
    assert (there.text, said(there)) == (text, ["NF260"])


# -- conversions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("product", [each for each in OUT_IN if "einsum" not in each])
def test_what_f_linear_computes_by_the_same_call_converts_without_the_option(product: str) -> None:
    there = convert_source(net(product, "torch.randn(o, i)"), Options(to="module"))
    assert "return self.linear(x)" in there.text
    assert not there.close


@pytest.mark.parametrize(
    ("product", "close"), [("torch.addmm(self.b, x, self.w.t())", False), ("self.b.addmm(x, self.w)", True)]
)
def test_addmm_brings_its_bias(product: str, close: bool) -> None:
    there = respelled(net(product, "torch.empty(o, i)" if not close else "torch.empty(i, o)"))
    assert "self.linear = nn.Linear(i, o)\n" in there.text
    assert there.close == close


@pytest.mark.parametrize("bias", ["self.b", "self.b.unsqueeze(0)", "self.b.view(1, -1)", "self.b.repeat(x.size(0), 1)"])
def test_a_bias_that_is_spread_over_the_rows_is_taken_in_beside_mm(bias: str) -> None:
    assert "return self.linear(x)\n" in respelled(net(f"torch.mm(x, self.w) + {bias}")).text


def test_a_bias_that_is_spread_over_unknown_axes_stays_a_sum() -> None:
    there = respelled(net("x @ self.w + self.b.repeat(x.size(0), 1)"))
    assert "return self.linear(x) + self.b.repeat(x.size(0), 1)\n" in there.text


def test_a_bias_of_one_entry_for_all_stays_a_sum() -> None:
    there = respelled(net("x @ self.w + self.c", more="self.c = nn.Parameter(torch.zeros(1))"))
    assert "return self.linear(x) + self.c\n" in there.text


def test_a_bias_stays_a_sum_in_a_file_that_autocasts() -> None:
    there = respelled("from torch import autocast\n" + net("x @ self.w + self.b"))
    assert "return self.linear(x) + self.b\n" in there.text


LOCAL = net("self.shown(x)", more="").replace(
    "        return self.shown(x)", "        w, b = self.w, self.b\n        return x @ w + b{}"
)


def test_weights_under_local_names_are_followed() -> None:
    there = respelled(LOCAL.format(""))
    assert "w, b = self.linear.weight, self.linear.bias\n        return self.linear(x)\n" in there.text
    assert said(respelled(LOCAL.format(", w"))) == ["NF261"]


def test_a_bias_of_two_products_stays_a_sum() -> None:
    there = respelled(net("x @ self.w + self.b, x @ self.v + self.b", more="self.v = nn.Parameter(torch.rand(i, o))"))
    assert "return self.linear(x) + self.b, self.v(x) + self.b\n" in there.text.replace("linear_1", "v")


def test_the_state_map_turns_the_weight() -> None:
    (model,) = respelled(net("x @ self.w + self.b")).models
    moves = {key: (move.key, move.transform) for key, move in model.state_map.items()}
    assert moves == {"w": ("linear.weight", "transpose"), "b": ("linear.bias", None)}
    assert (model.style_before, model.style_after) == ("functional", "module")
    assert [site.close for site in model.converted] == [False, False, True]


@CASE
def test_a_sample_converts_as_it_shows(case: Path) -> None:
    assert flipped(case).text == (case / "module.py").read_text()
    assert respelled((case / "module.py").read_text()).text == (case / "module.py").read_text()


@CASE
def test_a_sample_is_equal(case: Path) -> None:
    there = flipped(case)
    maps = {model.name: model.state_map for model in there.models}
    result = verify_texts(there.source, there.text, Request(close_ok=True), state_maps=maps)
    assert result.verdict == "equal", result


def flipped(case: Path) -> Conversion:
    options = case / "options.toml"
    return respelled(
        (case / "product.py").read_text(), **(tomllib.loads(options.read_text()) if options.exists() else {})
    )


# -- torch as the referee --------------------------------------------------------------------------------------------

FILLS = [
    "",
    "nn.init.uniform_(self.w, -0.5, 0.5)",
    "nn.init.xavier_normal_(self.w.data, gain=2.0)",
    "nn.init.kaiming_uniform_(self.w, a=math.sqrt(5))",
    "nn.init.orthogonal_(self.w)",
    "nn.init.eye_(self.w)",
    "nn.init.constant_(self.w, 0.5)",
    "nn.init.trunc_normal_(self.w, std=0.02)",
    "self.w.data.normal_(0, 1 / math.sqrt(self.w.size(0)))",
    "bound = 1 / math.sqrt(self.w.shape[-1])\nself.w.data.uniform_(-bound, bound)",
    "with torch.no_grad():\n    self.w.uniform_(-0.1, 0.1)",
    "self.w.data.fill_(0.5)\nself.w.data.mul_(2)",
    "if self.w is not None:\n    nn.init.normal_(self.w)",
]
MADE = ["torch.randn({})", "torch.randn({}) * 0.1", "torch.zeros({})", "torch.full(({}), 0.5)"]


@pytest.mark.torch
@pytest.mark.parametrize("init", ["keep", "exact"])
def test_respelled_products_are_close_under_torch(init: str) -> None:
    """Bit for bit in the initial state and the random stream, where that is asked for."""
    torch = pytest.importorskip("torch", reason="torch is the referee here")
    from referee import Referee

    products = [(f"{each}{bias}", "i, o") for each in IN_OUT for bias in ("", " + self.b")]
    products += [(f"{bias}{each}", "o, i") for each in OUT_IN for bias in ("", "self.b + ")]
    tried = [(product, "torch.randn({})", axes, "") for product, axes in products]
    tried += [("x @ self.w + self.b", made, "i, o", fill) for made, fill in itertools.product(MADE, FILLS)]
    for product, made, axes, fill in tried:
        there = respelled(net(product, made.format(axes), fill), init)
        assert not there.all_kept, there.all_kept
        Referee(there, lambda: [torch.randn(5, 4)], same_start=init == "exact", steps=2).check()
        back = convert_source(there.text, Options(to="functional"))
        Referee(back, lambda: [torch.randn(5, 4)], same_start=True, steps=1).check()


# -- weights that are no parameters of a class -----------------------------------------------------------------------

SHARED = """import torch

w = torch.randn(4, 3, requires_grad=True)
b = torch.zeros(3, requires_grad=True)


def net(x):
    return torch.relu(x @ w + b)
"""
HANDED = """import torch


def init_params():
    return {"fc.weight": torch.randn(4, 3, requires_grad=True), "fc.bias": torch.zeros(3, requires_grad=True)}


def net(params, x):
    return torch.addmm(params["fc.bias"], x, params["fc.weight"])


params = init_params()
out = net(params, torch.rand(2, 4))
"""


@pytest.mark.parametrize(("text", "layer"), [(SHARED, "linear"), (HANDED, "fc")])
def test_weights_of_functions_become_layers_with_their_transpose(text: str, layer: str) -> None:
    there = respelled(text)
    (model,) = there.models
    assert f"self.{layer} = nn.Linear(4, 3)\n" in there.text
    assert there.close
    moves = [(move.key, move.transform) for move in model.state_map.values()]
    assert moves == [(f"{layer}.weight", "transpose"), (f"{layer}.bias", None)]
    result = verify_texts(text, there.text, Request(close_ok=True), state_maps={model.name: model.state_map})
    assert result.verdict == "equal", result
    assert "nn.Linear" not in convert_source(text, Options(to="module")).text
