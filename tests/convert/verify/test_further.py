"""Two versions that agree by default are run with other arguments too."""

from __future__ import annotations

import pytest

from nnflip.convert.verify import Request, verify_texts
from nnflip.convert.verify.inside.usage import Use
from nnflip.convert.verify.inside.variants import variants

BLOCK = """
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, width, stride=1, bias=False, p=0.0, act="relu", classes=10):
        super().__init__()
        assert stride < 3
        self.c = nn.Conv2d(width, width, 3, stride=stride, bias=bias)
        self.act, self.p = act, p
        if act == "gelu":
            self.f = nn.GELU()
        elif act == "relu":
            self.f = nn.ReLU()

    def forward(self, x):
        return F.dropout(self.f(self.c(x)), self.p, self.training)
"""

WRONG = {
    "a lost stride": ("stride=stride, ", "", "with stride=2: "),
    "a lost bias": ("bias=bias", "bias=False", "with bias=True: "),
    "a lost rate": ("self.p, self.training", "0.0, self.training", "with p=0.25: "),
    "another branch": ("nn.GELU()", "nn.SiLU()", "with act='gelu': "),
}


def test_what_other_arguments_show_is_told() -> None:
    (model,) = verify_texts(BLOCK, BLOCK, Request(seeds=(0,))).models
    assert model.verdict == "proven"
    assert model.notes == ("run with other arguments too: p=0.25; stride=2; bias=True; act='gelu'",)


@pytest.mark.parametrize(("old", "new", "said"), WRONG.values(), ids=WRONG)
def test_a_setting_that_is_lost_is_found(old: str, new: str, said: str) -> None:
    (model,) = verify_texts(BLOCK, BLOCK.replace(old, new), Request(seeds=(0,))).models
    assert (model.verdict, model.reason.startswith(said)) == ("different", True), model


def test_given_arguments_are_kept_to() -> None:
    request = Request(seeds=(0,), init_args={"width": 4})
    (model,) = verify_texts(BLOCK, BLOCK.replace("stride=stride, ", ""), request).models
    assert (model.verdict, model.notes) == ("proven", ())


def test_a_default_that_is_another_one_is_left_alone() -> None:
    other = BLOCK.replace("p=0.0", "p=0.5").replace("self.p, self.training", "0.0, self.training")
    (model,) = verify_texts(BLOCK, other, Request(seeds=(0,))).models
    assert (model.verdict, "p=" in model.notes[-1]) == ("proven", False)


def test_a_process_that_dies_of_other_arguments_takes_nothing_along() -> None:
    text = BLOCK.replace("assert stride < 3", "import os\n        if stride != 1:\n            os._exit(3)")
    (model,) = verify_texts(text, text, Request(seeds=(0,))).models
    assert model.verdict == "proven"


def test_values_that_are_no_settings_are_left() -> None:
    given = {"width": 64, "eps": 1e-5, "drop": 0.0, "mode": "a", "layers": 2, "flag": True, "none": None}
    assert list(variants(given, {("mode",): Use(words=["a", "b"])})) == [
        {"eps": pytest.approx(1e-3), "drop": 0.25},
        {"mode": "b"},
        {"layers": 3},
        {"flag": False},
    ]
