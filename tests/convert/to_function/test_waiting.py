"""Layers that wait in a local before they are put on self."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]

NET = """class Net(nn.Module):
    def __init__(self, flag=True):
        super().__init__()
        conv = nn.Conv1d(3, 4, 3)
        nn.init.normal_(conv.weight, std=0.1)
        fc = nn.Linear(4, 5)  # the last but one
        self.conv = conv  # the first
        if flag:
            norm = nn.LayerNorm(5)
            self.norm = norm
        self.fc = fc
        body = nn.Sequential(nn.Linear(5, 5), nn.ReLU()) if flag else nn.Identity()
        self.body = body

    def forward(self, x):
        x = self.fc(self.conv(x).mean(-1))
        if hasattr(self, 'norm'):
            x = self.norm(x)
        return self.body(x)
"""


def signals() -> Any:
    import torch

    return [torch.randn(2, 3, 6, generator=torch.Generator().manual_seed(3))]


def test_a_layer_in_a_local_is_made_where_the_local_was(judge: Any) -> None:
    conversion = judge(NET, signals, (True,), (False,))
    assert not conversion.all_kept
    assert "nn.init.normal_(self.conv_weight, std=0.1)" in conversion.text
    for comment in ("# the first", "# the last but one"):
        assert conversion.text.count(comment) == 1


STAYS = {
    "it is shown to others": "kept = nn.Linear(5, 5)\n        print(kept)\n        self.kept = kept",
    "it is given twice": "kept = nn.Linear(5, 5)\n        self.kept = kept\n        self.other = kept",
    "it may be another": "kept = nn.Linear(5, 5)\n        if flag:\n            kept = nn.Linear(5, 5)\n"
    "        self.kept = kept",
    "it is put on self in a branch": "kept = nn.Linear(5, 5)\n        if flag:\n            self.kept = kept",
    "it is used in a Sequential": "kept = nn.Linear(5, 5)\n        self.kept = kept\n"
    "        self.all = nn.Sequential(kept, nn.ReLU())",
}


@pytest.mark.parametrize("lines", STAYS.values(), ids=STAYS)
def test_stays(lines: str, to_function: Any) -> None:
    text = f"class Net(nn.Module):\n    def __init__(self, flag=True):\n        super().__init__()\n        {lines}\n\n"
    conversion = to_function(text + "    def forward(self, x):\n        return self.kept(x)\n")
    assert "kept = nn.Linear(5, 5)" in conversion.text
    assert conversion.all_kept
