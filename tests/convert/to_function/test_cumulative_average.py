"""BatchNorm with momentum=None is given 1 / the number of batches, which must be that of the very call."""

from __future__ import annotations

from typing import Any

import pytest
from referee import Referee

from nnflip.convert import Options, convert_source

HEAD = """
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
"""
COUNTED = """
        if self.training:
            self.n.add_(1)
        x = F.batch_norm(x, self.rm, self.rv, training=self.training, momentum=1 / max(self.n.item(), 1))
"""
LAYER = "        self.bn = nn.BatchNorm2d(3, momentum=None)\n\n    def forward(self, x):\n"
BUFFERS = """        self.register_buffer('rm', torch.zeros(3))
        self.register_buffer('rv', torch.ones(3))
        self.register_buffer('n', torch.tensor(0))

    def forward(self, x):
        x = F.max_pool2d(x, 1)
"""
MODELS = [
    pytest.param("functional", f"{LAYER}        return self.bn(x)\n", False, id="one call"),
    pytest.param("functional", f"{LAYER}        return self.bn(self.bn(x) + 1)\n", False, id="a call within a call"),
    pytest.param("module", f"{BUFFERS}{COUNTED}        return x\n", False, id="one call back"),
    pytest.param("module", f"{BUFFERS}{COUNTED}{COUNTED}        return x\n", True, id="several calls stay"),
]


@pytest.mark.torch
@pytest.mark.parametrize(("to", "body", "stays"), MODELS)
def test_every_call_averages_over_its_own_number(torch: Any, to: str, body: str, stays: bool) -> None:
    from referee import Referee

    conversion = convert_source(HEAD + body, Options(to, init="exact"))  # type: ignore[arg-type]
    Referee(conversion, lambda: (torch.rand(4, 3, 5, 5),), same_start=True).check()
    assert ("F.batch_norm" in conversion.text) == (stays or to == "functional")


@pytest.mark.torch
@pytest.mark.parametrize("momentum", [0.1, None])
@pytest.mark.parametrize(
    ("layer", "call"),
    [
        ("nn.BatchNorm2d(4, momentum=m)", "self.norm(x)"),
        ("nn.BatchNorm2d(4, momentum=m)", "self.norm(self.norm(x) * 2)"),
        ("nn.BatchNorm2d(4, momentum=m, track_running_stats=False)", "self.norm(x)"),
        ("nn.InstanceNorm2d(4, momentum=m, track_running_stats=True)", "self.norm(x)"),
    ],
)
def test_a_momentum_that_may_be_none_is_asked(layer: str, call: str, momentum: float | None) -> None:
    text = (
        "import torch.nn as nn\n\n\nclass Net(nn.Module):\n    def __init__(self, m=0.1):\n        super().__init__()\n"
        f"        self.norm = {layer}\n\n    def forward(self, x):\n        n, c, h, w = x.shape\n"
        f"        return {call}\n"
    )
    torch = pytest.importorskip("torch", reason="torch is the referee here")
    there = convert_source(text, Options(to="functional"))
    assert not there.all_kept
    back = convert_source(there.text, Options(to="module", init="exact"))
    for conversion in (there, back):
        numbers = torch.ones(2, 4, 3, 3).cumsum(2) / 3
        Referee(conversion, lambda given=numbers: [given], same_start=True, arguments=(momentum,)).check()
