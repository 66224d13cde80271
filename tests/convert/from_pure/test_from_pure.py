"""Functions of parameters that become classes again, as `--to pure` wrote them, with torch as the referee."""

from __future__ import annotations

from typing import Any

import pytest
from pure_text import CASES, FUNCTIONAL, HEAD, RESIDUAL, STATISTICS, pure

from nnflip.convert import Conversion, Options, convert_source
from nnflip.convert.verify import Request, verify_texts

STYLES = ("module", "functional", "recommended")


def back(text: str, to: str, **options: Any) -> Conversion:
    return convert_source(text, Options(to=to, **options))  # type: ignore[arg-type]


def test_a_class_in_functional_style_comes_back() -> None:
    assert (
        back(pure(FUNCTIONAL).text, "functional").text
        == HEAD
        + """class Net(nn.Module):
    def __init__(self, width=6, bias=True, *, slope: float = 0.1):
        super().__init__()
        self.width = width
        self.slope = slope
        self.w1 = nn.Parameter(torch.randn(width, 4) * 0.1)
        self.b1 = nn.Parameter(torch.zeros(width)) if bias else None
        nn.init.xavier_uniform_(self.w1)

    def features(self, x):
        return F.leaky_relu(F.linear(x, self.w1, self.b1), self.slope)

    def forward(self, x):
        scale = self.width ** -0.5
        if x.dim() == 1:
            return self.features(x) * scale, None
        return self.features(x) * scale, x
"""
    )


def test_layers_come_back_with_their_keys() -> None:
    text = """class Net(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3)
        self.bn1 = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        return self.fc(x.mean((2, 3)))
"""
    there = pure(text)
    again = back(there.text, "recommended")
    assert again.text == HEAD.replace("import torch\n", "") + text
    (net,) = again.models
    assert all(key == move.key for key, move in net.state_map.items())
    assert net.style_before == "pure"


@pytest.mark.torch
@pytest.mark.parametrize("to", STYLES)
@pytest.mark.parametrize(("text", "shape", "arguments"), CASES.values(), ids=CASES)
def test_there_and_back_is_the_same_model(
    text: str, shape: tuple[int, ...], arguments: dict[str, Any], to: str
) -> None:
    torch = pytest.importorskip("torch", reason="torch is the referee here")
    from referee import Referee

    there = pure(text)
    again = back(there.text, to, init="exact")
    assert [one for one in again.all_kept if one.code == "NF285"] == []
    whole = Conversion(there.source, again.text, again.models)
    given = list(arguments.values()) if arguments.keys() <= {"classes", "heads"} else []
    Referee(whole, lambda: [torch.randn(shape)], same_start=True, arguments=given).check()


@pytest.mark.parametrize("to", STYLES)
@pytest.mark.parametrize("text", [FUNCTIONAL, RESIDUAL, STATISTICS], ids=["parameters", "classes", "statistics"])
def test_reading_back_is_verified(text: str, to: str) -> None:
    there = pure(text)
    again = back(there.text, to)
    maps = {model.name: model.state_map for model in again.models}
    result = verify_texts(there.text, again.text, Request(), state_maps=maps)
    assert result.verdict in {"proven", "equal"}, result


@pytest.mark.parametrize("text", {case[0]: name for name, case in CASES.items()})
def test_there_and_back_and_there_again_are_the_same_functions(text: str) -> None:
    there = pure(text)
    once = back(there.text, "functional").text
    again = convert_source(once, Options(to="pure"))
    assert back(again.text, "functional").text == once


@pytest.mark.parametrize(
    ("written", "otherwise", "reason"),
    [
        ("training=training, prefix", "training=True, prefix", "does not hand training on"),
        ('prefix="layer2.", stride=2', 'prefix="layer2.", stride=1', "hands over another stride"),
        ('prefix="layer2.", stride=2', 'prefix="layer1.", stride=2', "hands over another stride"),
        ("    return params\n", "    return dict(params)\n", "does not fill one dict"),
        ('params["fc.bias"]\n    ), buffers', 'params["fc.bias"]\n    )', "gives no buffers back"),
        ('params["fc.weight"], ', 'params["fc"], ', "is not a tensor that it makes"),
        ("    x = block", "    training = True\n    x = block", "gives training anew"),
        ("def forward(", "print(init_params)\n\n\ndef forward(", "uses init_params too"),
        ("value in block_init_buffers(3, 8)", "value in block_init_buffers(3, 9)", "with other arguments"),
        (
            "block_forward(params, buffers, x, training",
            "block_forward(buffers, params, x, training",
            "hands over something else",
        ),
        ("value.clone()", "value", "copies in another way"),
        (
            '    params["fc.bias"] = torch',
            '    params["fc.weight"].mul_(2)\n    params["fc.bias"] = torch',
            "would fail",
        ),
        (
            '    params["fc.bias"] = torch',
            '    params["fc.weight"][0] = 2\n    params["fc.bias"] = torch',
            "would fail",
        ),
        (
            "training=training, prefix=prefix, stride=stride",
            "training=training, prefix=prefix",
            "does not hand stride on",
        ),
    ],
)
def test_functions_that_are_written_otherwise_stay(written: str, otherwise: str, reason: str) -> None:
    text = pure(RESIDUAL).text
    changed = text.replace(written, otherwise)
    kept = back(changed, "functional")
    assert kept.text == changed
    assert [one.code for one in kept.all_kept if reason in one.message] == ["NF285"], kept.all_kept


def test_what_stands_between_functions_stays_before_the_class() -> None:
    text = (
        pure(STATISTICS).text.replace("def forward(", "SCALE = 2\n\n\ndef forward(").replace("x, *,", "x, by=SCALE, *,")
    )
    again = back(text, "functional").text
    assert "SCALE = 2\n\n\nclass Net(torch.nn.Module):" in again
    assert "def forward(self, x, by=SCALE):" in again
