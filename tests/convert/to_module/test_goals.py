"""`--for quantize|hooks|summary`: what changes, what does not, and what torch's own consumers see."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from nnflip.convert import Options, convert_source

HEAD = """import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(4, 4, 3, padding=1)
        self.b = nn.Conv2d(4, 4, 3, padding=1)
        self.act = nn.ReLU()

    def forward(self, x):
"""


def converted(body: str, goal: Any = "quantize") -> Any:
    text = HEAD + "".join(f"        {line}\n" for line in body.splitlines())
    return convert_source(text, Options(to="module", goal=goal))


def forward(done: Any) -> str:
    return str(done.text.partition("def forward(self, x):\n")[2])


@pytest.mark.parametrize(
    "body",
    [
        "return self.a(x) + 1",
        "return self.a(x).view(len(x) + x.dim(), -1)",
        "y = self.a(x)\ny += x\nreturn y",
        "return torch.cat(*x)",
        "return torch.cat((x, x), out=x)",
        "return torch.add(self.a(x), x, alpha=2)",
    ],
)
def test_noop_for_what_is_no_plain_join_of_tensors(body: str) -> None:
    done = converted(body)
    assert "FloatFunctional" not in done.text


def test_a_sum_that_may_be_of_something_else_stays_and_is_said() -> None:
    done = converted("return self.a(x) + self.other(x)")
    assert not done.changed
    assert [kept.code for kept in done.all_kept] == ["NF241"]


def test_a_sum_in_place_stays_and_is_said() -> None:
    done = converted("y = self.a(x)\ny += x\nreturn self.act(y)")
    assert not done.changed
    assert [(kept.code, kept.line) for kept in done.all_kept] == [("NF242", 15)]
    assert converted("y = self.a(x)\nn = 1\nn += 2\nreturn y").all_kept == ()


@pytest.mark.parametrize("goal", ["hooks", "summary", None])
def test_sums_stay_sums_for_other_goals(goal: Any) -> None:
    assert "self.a(x) + self.b(x)" in converted("return F.relu(self.a(x) + self.b(x))", goal).text


def test_shared_layers_stay_without_a_goal() -> None:
    assert not converted("return self.act(self.a(self.act(x)))", None).changed


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("return self.a(x) + self.b(x)", "        return self.float_add.add(self.a(x), self.b(x))\n"),
        ("return torch.add(self.a(x), self.b(x))", "        return self.float_add.add(self.a(x), self.b(x))\n"),
        (
            "return self.a(x) + self.b(x) + self.a(x)",
            "        return self.float_add_1.add(self.float_add.add(self.a(x), self.b(x)), self.a(x))\n",
        ),
        (
            "return torch.cat([self.a(x), F.relu(x)], dim=1)",
            "        return self.float_cat.cat([self.a(x), self.relu(x)], dim=1)\n",
        ),
    ],
)
def test_joins_become_float_functionals(body: str, after: str) -> None:
    assert forward(converted(body)) == after


@pytest.mark.parametrize("goal", ["quantize", "hooks", "summary"])
def test_every_use_has_an_instance_of_its_own(goal: Any) -> None:
    done = converted("y = self.act(self.a(self.act(x)))\nreturn self.act(F.relu(y))", goal)
    assert done.text.count("nn.ReLU()") == 4
    after = "        y = self.act_1(self.a(self.act(x)))\n        return self.act_2(self.relu(y))\n"
    assert forward(done) == after
    assert convert_source(done.text, Options(to="module", goal=goal)).text == done.text


@pytest.mark.parametrize("use", ["nn.Sequential(self.a, self.act)(x)", "self.act(x) if self.act else x"])
def test_a_shared_layer_that_is_handed_on_is_kept(use: str) -> None:
    done = converted(f"y = self.act(x)\nreturn {use} * y", "hooks")
    assert "NF214" in {kept.code for kept in done.all_kept}


RESIDUAL = """import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.a = nn.Conv2d(width, width, 3, padding=1)
        self.b = nn.Conv2d(width, width, 3, padding=1)
        self.act = nn.ReLU()

    def forward(self, x):
        y = self.b(self.act(self.a(x))) + x
        return F.max_pool2d(self.act(torch.cat([y, F.relu(x)], dim=1)), 2)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.quant = torch.ao.quantization.QuantStub()
        self.stem = nn.Conv2d(3, 8, 3)
        self.block = Block(8)
        self.head = nn.Linear(16, 4)
        self.dequant = torch.ao.quantization.DeQuantStub()

    def forward(self, x):
        x = self.block(F.relu(self.stem(self.quant(x))))
        return self.dequant(self.head(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1)))
"""


def made(torch: Any, text: str) -> Any:
    names: dict[str, Any] = {}
    exec(compile(text, "net.py", "exec"), names)
    torch.manual_seed(0)
    return names["Net"]().eval()


@pytest.mark.torch
def test_hooks_see_every_layer_once() -> None:
    torch = pytest.importorskip("torch")
    before = made(torch, RESIDUAL)
    after = made(torch, convert_source(RESIDUAL, Options(to="module", goal="hooks")).text)
    seen: list[str] = []
    for name, layer in after.named_modules():
        if not list(layer.children()):
            layer.register_forward_hook(lambda module, given, result, name=name: seen.append(name))
    x = torch.randn(2, 3, 12, 12)
    assert torch.equal(before(x), after(x))
    assert seen == [
        *("quant", "stem", "relu", "block.a", "block.act", "block.b", "block.relu", "block.act_1", "block.max_pool2d"),
        *("adaptive_avg_pool2d", "flatten", "head", "dequant"),
    ]


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore")
def test_eager_quantisation_runs_on_the_converted_model_and_not_on_the_one_before() -> None:
    torch = pytest.importorskip("torch")
    engines = [name for name in ("x86", "fbgemm", "qnnpack") if name in torch.backends.quantized.supported_engines]
    if not engines:
        pytest.skip("this build of torch has no engine for quantised operations")
    torch.backends.quantized.engine = engines[0]
    x = torch.randn(8, 3, 12, 12)

    def quantised(text: str) -> tuple[Any, Any]:
        model = made(torch, text)
        exact = model(x)
        model.qconfig = torch.ao.quantization.get_default_qconfig(engines[0])
        ready = torch.ao.quantization.prepare(model)
        ready(x)
        return torch.ao.quantization.convert(ready), exact

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain, exact = quantised(RESIDUAL)
        with pytest.raises((NotImplementedError, RuntimeError)):
            plain(x)
        model, same = quantised(convert_source(RESIDUAL, Options(to="module", goal="quantize")).text)
        assert torch.equal(exact, same)
        assert (model(x) - exact).abs().max() < 0.05 * exact.abs().max()
    kinds = [type(layer).__name__ for layer in model.modules()]
    assert kinds.count("QFunctional") == 2
