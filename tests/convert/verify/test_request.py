"""What users write: inputs, pins, and the names of torch a file uses."""

from __future__ import annotations

import json

import pytest

from nnflip.convert.verify import BadRequest
from nnflip.convert.verify.literals import packed, unpacked
from nnflip.convert.verify.names import torch_names
from nnflip.convert.verify.request import input_spec, list_for_tensor, spelled


@pytest.mark.parametrize("text", ["float33[2]", "float32[2", "x y", "float32[a]"])
def test_inputs_that_cannot_be_read_are_refused(text):
    with pytest.raises(BadRequest):
        input_spec(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("float32[2,3, 4]", {"dtype": "float32", "shape": [2, 3, 4]}),
        ("int64[2,7]<100", {"dtype": "int64", "shape": [2, 7], "low": 0, "high": 100}),
        ("float64[]", {"dtype": "float64", "shape": []}),
        ("0.5", {"literal": 0.5}),
        ("None", {"literal": None}),
        ("(2, 3)", {"literal": {"tuple": [2, 3]}}),
        (
            "[float32[2,8], int64[2]<9]",
            {
                "items": [
                    {"dtype": "float32", "shape": [2, 8]},
                    {"dtype": "int64", "shape": [2], "low": 0, "high": 9},
                ],
                "as": "list",
            },
        ),
        (
            "({'mask': bool[2]}, 3)",
            {
                "items": [
                    {"items": [{"dtype": "bool", "shape": [2], "low": 0, "high": 2}], "keys": ["mask"]},
                    {"literal": 3},
                ],
                "as": "tuple",
            },
        ),
    ],
)
def test_inputs_are_read(text, expected):
    assert input_spec(text) == expected


@pytest.mark.parametrize("text", ["(float32[2,3],)", "{'x': [float32[2], int64[2]<9]}", "(2, 3)", "[0.5, None]"])
def test_inputs_are_told_as_they_are_written(text):
    assert spelled(input_spec(text)) == text


@pytest.mark.parametrize("value", [(2, [3.5, None]), {1: {"a"}, "b": 2j}, [(), {}], float("inf"), True])
def test_literals_cross_the_channel_as_they_are(value):
    arrived = unpacked(json.loads(json.dumps(packed(value))))
    assert (arrived, type(arrived)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2,1,28,28", "x was given as a list of numbers; a tensor is written x=float32[2,1,28,28]"),
        ("[2, 3]", "x was given as a list of numbers; a tensor is written x=float32[2,3]"),
        ("float32[2,3]", ""),
        ("[0.5]", ""),
        ("()", ""),
        ("2", ""),
    ],
)
def test_sizes_without_a_dtype_are_a_list(text, said):
    assert list_for_tensor({"x": text}) == said


def test_names_of_torch_are_found_through_any_alias():
    text = """
import torch as t, torch.nn.functional as F
from torch import nn
from torch.nn.functional import relu as rectify
import numpy as np

class Net(nn.Module):
    def forward(self, x):
        return rectify(F.conv2d(t.cat([x, np.zeros(3)]), self.torch.nothing))
"""
    assert torch_names(text) == (
        "torch.cat",
        "torch.nn",
        "torch.nn.Module",
        "torch.nn.functional",
        "torch.nn.functional.conv2d",
        "torch.nn.functional.relu",
    )


def test_a_file_that_does_not_parse_uses_nothing():
    assert torch_names("def (") == ()
