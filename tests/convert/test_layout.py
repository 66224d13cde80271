"""Long calls spread over lines where a line has no room for them, and come back in one piece."""

from __future__ import annotations

import ast

import pytest

from nnflip.convert import Options, convert_source

HEAD = """\
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.normalisation = nn.BatchNorm2d(8)

    def forward(self, x):
"""


def converted(body: str, text: str = HEAD) -> str:
    return convert_source(text + body, Options(to="functional")).text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "        return F.relu(self.normalisation(self.convolution(x)))  # first\n",
            """\
        return F.relu(F.batch_norm(
            F.conv2d(x, self.convolution_weight, padding=1),
            self.normalisation_running_mean,
            self.normalisation_running_var,
            self.normalisation_weight,
            self.normalisation_bias,
            training=self.training,
        ))  # first
""",
        ),
        (
            "        a_rather_long_name, another_long_name = x, self.convolution(x[:, [2, 1, 0]].contiguous())\n"
            "        return another_long_name\n",
            """\
        a_rather_long_name, another_long_name = x, F.conv2d(
            x[:, [2, 1, 0]].contiguous(), self.convolution_weight, padding=1
        )
        return another_long_name
""",
        ),
        (
            "        return self.convolution(x)\n",
            "        return F.conv2d(x, self.convolution_weight, padding=1)\n",
        ),
    ],
    ids=["one on a line", "all on one line", "short"],
)
def test_long_calls_spread(body: str, expected: str) -> None:
    text = converted(body)
    assert text.endswith(expected)
    assert max(map(len, text.splitlines())) <= 100


def test_line_ends_and_tabs_are_those_of_the_file() -> None:
    body = "        return F.relu(self.normalisation(self.convolution(x)))\n"
    text = convert_source((HEAD + body).replace("    ", "\t").replace("\n", "\r\n"), Options(to="functional")).text
    assert "\n" not in text.replace("\r\n", "")
    assert "batch_norm(\r\n\t\t\tF.conv2d(x, self.convolution_weight, padding=1),\r\n\t\t\tself." in text


def test_nothing_breaks_inside_an_f_string() -> None:
    body = "        return f'{x} and then some words of no use: {self.normalisation(self.convolution(x)).mean()}'\n"
    row = converted(body).splitlines()[-1]
    assert row.strip().startswith("return f'{x} and then")
    assert row.endswith(".mean()}'")


def test_a_call_in_a_call_spreads_only_where_it_must() -> None:
    twice = "self.normalisation(self.convolution(self.normalisation(x.flip(1).contiguous())))"
    text = converted(f"        return {twice}\n")
    ast.parse(text)
    assert "            F.conv2d(\n                F.batch_norm(\n                    x.flip(1).contiguous(),\n" in text


def test_spread_calls_come_back_in_one_row() -> None:
    body = "        return F.relu(self.normalisation(self.convolution(x)))\n"
    functional = converted(body)
    assert convert_source(functional, Options(to="recommended")).text.endswith(body)
    assert convert_source(functional, Options(to="functional")).text == functional
