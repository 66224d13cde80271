"""Weights that stand in products only: the function becomes a module for its other calls, or for --respell."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from nnflip.convert import Options, convert_source

torch = pytest.importorskip("torch", reason="torch is the referee here")
pytestmark = pytest.mark.torch

SAMPLE = (Path(__file__).parents[3] / "samples" / "explicit" / "products" / "explicit.py").read_text()
NET = """import torch
import torch.nn.functional as F

W = torch.randn(4, 4, requires_grad=True)
b = torch.zeros(4, requires_grad=True)
lr = 0.1


def net(x):
    return F.relu(x @ W + b)


net(torch.ones(2, 4)).sum().backward()
"""


def told_by(text: str) -> str:
    """What a script prints, from one seed on."""
    torch.manual_seed(4)
    said, names = io.StringIO(), dict[str, Any]()
    with redirect_stdout(said):
        exec(compile(text, "<script>", "exec"), names)
    return said.getvalue().replace("Parameter containing:\n", "")


def converted(text: str, **options: Any) -> str:
    done = convert_source(text, Options("module", init="exact", **options))
    assert done.changed, done.all_kept
    return done.text


def test_a_script_that_trains_prints_the_same() -> None:
    assert told_by(SAMPLE) == told_by(converted(SAMPLE))


@pytest.mark.parametrize(
    "use",
    [
        "with torch.no_grad():\n    W -= lr * W.grad\n    b.sub_(lr * b.grad)\nprint(net(torch.eye(4)).sum())\n",
        "W.data -= lr * W.grad.data\nW.grad.zero_()\nprint(W[0], W.shape, W.t()[1])\n",
        "for p in [W, b]:\n    p.data.sub_(0.1 * p.grad)\n    p.grad = None\nprint((W[:2] @ b).sum())\n",
        "print(sum(p.pow(2).sum() for p in (W, b)) * 0 + W.diag().sum())\n",
        "torch.optim.SGD([{'params': [W, b]}], lr=0.1).step()\nprint(W * 2, W.grad is None)\n",
    ],
)
def test_other_uses_follow(use: str) -> None:
    assert told_by(NET + use) == told_by(converted(NET + use))
    turned = converted(NET + use, respell=True)
    assert "nn.Linear, 4, 4)" in turned
    assert [float(word) for word in _numbers(told_by(NET + use))] == pytest.approx(
        [float(word) for word in _numbers(told_by(turned))], abs=2e-4
    )


def _numbers(text: str) -> list[str]:
    words = text.replace("[", " ").replace("]", " ").replace(",", " ").replace("(", " ").replace(")", " ").split()
    return [word for word in words if word.replace(".", "").replace("-", "").replace("e", "").isdigit()]


@pytest.mark.parametrize(
    "use",
    [
        "print(W.grad)\n",
        "print([p.shape for p in [W, b]], [p[0] for p in (W, b)])\n",
        "params = [W, b]\nprint(params[0][0])\n",
        "print(torch.autograd.grad(net(torch.ones(1, 4)).sum(), [W, b]))\n",
        "def fill(t):\n    t.data[0] = 1\n\n\nfill(W)\n",
        "W.data[0] = 1\n",
        "mask = torch.ones(4, 4).triu()\nwith torch.no_grad():\n    W *= mask\n",
    ],
)
def test_what_sees_the_layout_keeps_the_function_as_it_is_for_respell(use: str) -> None:
    text = NET + use
    done = convert_source(text, Options("module", respell=True))
    assert not done.changed
    assert {one.code for one in done.all_kept} <= {"NF261", "NF296"}
    assert told_by(text) == told_by(converted(text))


@pytest.mark.parametrize(
    ("use", "code"),
    [
        ("W = W * 2\n", "NF287"),
        ("print(net.__name__)\n", "NF290"),
        ("def penalty(net):\n    return W.sum() * net\n", "NF296"),
        ("class Head(torch.nn.Module):\n    def fill(self):\n        self.w = W\n", "NF299"),
        ("class Head(torch.nn.Module):\n    def fill(self):\n        self.body = net\n", "NF299"),
        ("print(torch.nn.Sequential(net))\n", "NF299"),
    ],
)
def test_what_a_module_would_change_keeps_the_function(use: str, code: str) -> None:
    done = convert_source(NET + use, Options("module"))
    assert not done.changed
    assert {one.code for one in done.all_kept if one.what.startswith("F.relu")} == {code}


@pytest.mark.parametrize(
    "text",
    [
        NET.replace("F.relu(x @ W + b)", "x @ W + b"),
        NET.replace("F.relu(x @ W + b)", "F.mse_loss(x @ W + b, x)"),
        NET.replace("x @ W + b", "x * W + b"),
        NET.replace(", requires_grad=True", ""),
        "import torch\n\nqkv = [torch.randn(2, 3), torch.randn(2, 3)]\n\n\ndef attend(qkv):\n    q, k = qkv\n"
        "    return torch.softmax(q @ k.t(), -1)\n\n\nprint(attend(qkv))\n",
    ],
    ids=["nothing to gain", "only a loss", "no product", "nothing trains", "no weights"],
)
def test_functions_that_are_no_models_stay(text: str) -> None:
    assert not convert_source(text, Options("module")).changed


def test_recommended_leaves_functions_alone() -> None:
    assert not convert_source(NET, Options("recommended")).changed
