"""What is given reaches the model as it was written: tuples as tuples, lists of tensors as lists."""

from __future__ import annotations

import pytest

from nnflip.convert.verify import Request, verify_texts

NET = """
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, size):
        super().__init__()
        assert type(size) is tuple, type(size)
        self.fc = nn.Linear(size[0], size[1])

    def forward(self, x, scales):
        assert type(scales) is tuple, type(scales)
        return self.fc(x) * scales[0]
"""

MANY = """
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, xs, named):
        assert type(xs) is {kind}, type(xs)
        return self.fc(xs[0] + xs[1]) * named["scale"]


def get_inputs():
    return [{value}, {{"scale": torch.rand(2)}}]
"""


def test_tuples_arrive_as_tuples():
    request = Request(inputs={"x": "float32[2,3]", "scales": "(2.0, 3)"}, init_args={"size": (3, 4)})
    result = verify_texts(NET, NET, request)
    assert result.verdict == "proven", result


@pytest.mark.parametrize("kind", ["tuple", "list"])
def test_structures_of_tensors_are_inputs(kind):
    text = MANY.format(kind=kind, value=f"{kind}((torch.rand(3, 4), torch.rand(3, 4)))")
    result = verify_texts(text, text, Request())
    assert result.verdict == "proven", result
    assert result.models[0].used["inputs_by"] == "get_inputs"


def test_a_structure_is_told_and_its_parts_are_compared():
    text = MANY.format(kind="list", value="None")
    other = text.replace("xs[0] + xs[1]", "xs[0] - xs[1]")
    given = {"xs": "[float32[3,4], float32[3,4]]", "named": "{'scale': float32[2]}"}
    assert verify_texts(text, text, Request(inputs=given)).verdict == "proven"
    assert verify_texts(text, other, Request(inputs=given)).verdict == "different"


def test_what_cannot_be_handed_over_is_told():
    result = verify_texts(NET, NET, Request(init_args={"size": object()}))
    assert (result.verdict, "object is no literal" in result.models[0].reason) == ("inconclusive", True)


UNKNOWN = """
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, width, thing):
        super().__init__()
        self.fc = nn.Linear(width, thing.width)

    def forward(self, x):
        return self.fc(x)


class Picky(nn.Module):
    def __init__(self, width):
        super().__init__()
        assert width == 77, "no"
        self.fc = nn.Linear(width, 2)

    def forward(self, x):
        return self.fc(x)


class Strange(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, batch):
        return self.fc(batch.picture)
"""

ADVICE = {
    "Net": "arguments are given as in: --model Net=Net --init-args width=16 --init-args thing=VALUE",
    "Picky": "arguments are given as in: --model Picky=Picky --init-args width=16",
    "Strange": "inputs that came furthest: --model Strange=Strange --input 'batch=float32[2,4]'",
}


def test_what_may_be_given_is_told_where_nothing_runs():
    result = verify_texts(UNKNOWN, UNKNOWN, Request())
    assert {model.name: model.notes[-1] for model in result.models} == ADVICE
    given = Request(init_args={"width": 77}, models={"Picky": "Picky"})
    assert verify_texts(UNKNOWN, UNKNOWN, given).verdict == "proven"
