"""Layers whose keys are read by name: their tensors move to an object of the same name, and no key changes."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]


def rows() -> Any:
    import torch

    return [torch.randn(4, 8, generator=torch.Generator().manual_seed(3))]


BY_NAME = """class Net(nn.Module):
    def __init__(self, dim=8, bias=True, stride=1):
        super().__init__()
        self.wide = nn.Linear(dim, 3 * dim, bias=bias)  # three at once
        self.bn = nn.BatchNorm1d(3 * dim)
        self.act = nn.ReLU()
        self.conv = nn.Conv1d(1, 1, 3, stride=stride, padding=1)
        self.c_proj = nn.Linear(24 // stride, dim)
        nn.init.zeros_(self.c_proj.bias)
        self.apply(self._init_weights)
        for name, p in self.named_parameters():
            if name.endswith('c_proj.weight'):
                nn.init.normal_(p, mean=0.0, std=0.02)

    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, mean=0.0, std=0.02)
            if module.bias is not None:
                nn.init.zeros_(module.bias)

    def forward(self, x):
        x = self.bn(self.wide(x))
        x = self.act(x) + self.wide.weight.mean()
        return self.c_proj(self.conv(x.unsqueeze(1)))
"""


def test_layers_that_are_read_by_name_keep_their_keys(judge: Any) -> None:
    conversion = judge(BY_NAME, rows, (), (8, False, 2))
    assert not conversion.all_kept
    assert "self.wide = nn.Module()  # three at once\n        self.wide.weight = nn.Parameter(" in conversion.text
    assert "self.bn.register_buffer('running_mean', torch.zeros(3 * dim))" in conversion.text
    assert "self.conv.stride = stride" in conversion.text
    assert "nn.init.normal_(module.c_proj.weight, mean=0.0, std=0.02)" in conversion.text
    assert all(old == move.key for old, move in conversion.models[0].state_map.items())


def test_a_string_with_a_key_concerns_its_layer_alone(judge: Any) -> None:
    text = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        return self.head(self.fc(x))

    def classes(self, state):
        return state["head.weight"].shape[0]
"""
    keys = {old: move.key for old, move in judge(text, rows).models[0].state_map.items()}
    assert keys["head.weight"] == "head.weight"
    assert keys["fc.weight"] == "fc_weight"


CONFIGURED = """CONFIG = {"classifier": "head", "classes": 2}


class Net(nn.Module):
    def __init__(self, n=2):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.head = nn.Linear(8, n) if n > 0 else nn.Identity()

    def forward(self, x):
        return self.head(self.fc(x))


def without_head(state):
    return {key.replace("neck", "fc"): value for key, value in state.items() if key.split(".")[0] != "head"}
"""


def test_a_name_that_is_configured_or_compared_stays_a_key(judge: Any) -> None:
    conversion = judge(CONFIGURED, rows, (2,), (0,))
    assert not conversion.all_kept
    for key in ("fc.weight", "head.weight"):
        assert conversion.models[0].state_map[key].key == key


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            CONFIGURED + "\n\ndef head_of(net):\n    return getattr(net, CONFIG['classifier'])\n",
            id="asked for by a computed name",
        ),
        pytest.param(CONFIGURED.replace("2}", '"head"}'), id="among other settings"),
    ],
)
def test_a_string_that_may_ask_for_the_layer_keeps_it(to_function: Any, text: str) -> None:
    conversion = to_function(text)
    assert {"NF210"} == {kept.code for kept in conversion.all_kept}
    assert "self.head = nn.Linear(8, n) if n > 0 else nn.Identity()" in conversion.text
