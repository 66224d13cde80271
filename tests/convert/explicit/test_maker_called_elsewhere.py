"""A function that makes weights and is called where nobody hands them on stays, and so do its takers."""

from __future__ import annotations

from nnflip.convert import Options, convert_source

TEXT = """import torch
import torch.nn.functional as F


def init_params():
    return {"fc.weight": torch.randn(3, 4, requires_grad=True)}


def net(params, x):
    return F.linear(x, params["fc.weight"])


params = init_params()
"""


def test_a_maker_whose_weights_are_handed_to_nobody_stays() -> None:
    there = convert_source(TEXT, Options(to="module"))
    assert (there.text, [kept.code for kept in there.all_kept]) == (TEXT, ["NF286"])
