"""Modules without a functional form inside an nn.Sequential: they stay modules beside what its other layers become."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]


def images() -> Any:
    import torch

    return [torch.randn(2, 4, 6, 6, generator=torch.Generator().manual_seed(3))]


BESIDE = """class Double(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Conv2d(4, 4, 1)

    def forward(self, x):
        return self.inner(x) * 2


class Net(nn.Module):
    def __init__(self, norm_layer=nn.BatchNorm2d):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(4, 4, 3, padding=1),  # wide
            norm_layer(
                4  # as many
            ),
            nn.ReLU(),
            nn.Sequential(Double(), nn.Conv2d(4, 4, 1)),
            nn.utils.parametrizations.weight_norm(nn.Conv2d(4, 4, 1)),
            nn.ReflectionPad2d(1),
        )
        self.last = nn.Conv2d(4, 2, 1)

    def forward(self, x):
        return self.last(self.net(x))
"""


def test_other_modules_run_between_functions(judge: Any) -> None:
    conversion = judge(BESIDE, images)
    assert "x = self.net_1(x)" in conversion.text
    assert "# as many" in conversion.text
    moves = next(model for model in conversion.models if model.name == "Net").state_map
    assert moves["net.3.0.inner.weight" if "net.3.0.inner.weight" in moves else "net.3.0.*"].key.startswith("net_3_0.")
    assert {kept.code for kept in conversion.all_kept} == {"NF271", "NF270"}


WALKED = BESIDE.replace(
    "        self.last =",
    """        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.normal_(m.weight)
        self.last =""",
)


def test_a_walk_that_draws_between_them_keeps_the_layers(to_function: Any) -> None:
    conversion = to_function(WALKED)
    assert "NF212" in [kept.code for kept in conversion.all_kept]
    assert "self.net = nn.Sequential(" in conversion.text


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param("Other(), Other()", id="nothing converts"),
        pytest.param("nn.ReLU(), nn.Bilinear(1, 2, 3)", id="two inputs"),
        pytest.param("*layers", id="known at run time only"),
    ],
)
def test_stays(to_function: Any, inside: str) -> None:
    text = f"""class Net(nn.Module):
    def __init__(self, layers, wide):
        super().__init__()
        self.net = nn.Sequential({inside})

    def forward(self, x):
        return self.net(x)
"""
    conversion = to_function(text)
    assert not conversion.changed
    assert {kept.code for kept in conversion.all_kept} & {"NF222", "NF216"}


def test_a_torch_layer_that_stays_moves_with_all_its_keys(judge: Any) -> None:
    text = """class Net(nn.Module):
    def __init__(self, **options):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(6, 6, **options), nn.Linear(6, 4))

    def forward(self, x):
        return self.body(x)
"""
    conversion = judge(text, lambda: [torch_rows()])
    assert {old: move.key for old, move in conversion.models[0].state_map.items()} == {
        "body.0.*": "body_0.*",
        "body.1.weight": "body_1_weight",
        "body.1.bias": "body_1_bias",
    }


def torch_rows() -> Any:
    import torch

    return torch.ones(3, 6).cumsum(0)
