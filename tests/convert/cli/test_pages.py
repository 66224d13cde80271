"""`nnflip explain` and `nnflip ops`: what the tables say, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from nnflip.convert.diagnostics import CODES
from nnflip.convert.ops import ONE_WAY, TABLE

Runner = Callable[..., Any]


@pytest.mark.parametrize("topic", ["NF203", "nf203", "shared-weight"])
def test_a_code_is_explained(nnflip_run: Runner, topic: str) -> None:
    done = nnflip_run("explain", topic)
    assert done.code == 0
    text = done.out.decode()
    assert text.startswith("NF203 shared-weight\n")
    assert "Why\n" in text
    assert "Cure\n" in text


@pytest.mark.parametrize("topic", ["conv2d", "Conv2d", "F.conv2d", "nn.Conv2d", "torch.nn.functional.conv2d"])
def test_a_pair_is_explained_under_any_of_its_names(nnflip_run: Runner, topic: str) -> None:
    text = nnflip_run("explain", topic).out.decode()
    assert text.startswith("nn.Conv2d ↔ F.conv2d  (conv)\n")
    assert "nn.Conv2d(in_channels, out_channels, kernel_size, stride=1" in text
    assert "F.conv2d(input, weight, bias=None, stride=1" in text
    assert "weight  (out_channels, in_channels/groups, kernel_size[0], kernel_size[1]), a parameter" in text
    assert "out_channels, in_channels and kernel_size of the constructor" in text


def test_a_function_of_several_modules_has_one_page_that_tells_them_apart(nnflip_run: Runner) -> None:
    text = nnflip_run("explain", "F.batch_norm").out.decode()
    assert text.startswith("F.batch_norm ↔ nn.BatchNorm1d, nn.BatchNorm2d and nn.BatchNorm3d  (norm)\n")
    told = [line.split() for line in text.splitlines() if "the input has " in line]
    assert [(words[0], words[4:]) for words in told] == [
        ("nn.BatchNorm1d", ["2", "or", "3", "dimensions"]),
        ("nn.BatchNorm2d", ["4", "dimensions"]),
        ("nn.BatchNorm3d", ["5", "dimensions"]),
    ]
    assert "only training=self.training means the same" in " ".join(text.split())


def test_a_mistyped_topic_is_told(nnflip_run: Runner) -> None:
    done = nnflip_run("explain", "conv2")
    assert done.code == 2
    assert "did you mean 'conv2d'" in " ".join(done.err.replace("│", " ").split())


@pytest.mark.parametrize("pair", TABLE, ids=lambda pair: pair.module)
def test_every_pair_has_a_page_that_says_where_each_argument_goes(nnflip_run: Runner, pair: Any) -> None:
    done = nnflip_run("explain", pair.module_path)
    assert done.code == 0
    mapped = done.out.decode().partition("What maps to what")[2]
    assert [name for name in pair.function_signature.names if f"  {name} " not in mapped] == []


@pytest.mark.parametrize("row", ONE_WAY, ids=lambda row: row.name)
def test_every_name_without_twin_has_a_page(nnflip_run: Runner, row: Any) -> None:
    done = nnflip_run("explain", row.path)
    assert done.code == 0
    assert "has no twin" in done.out.decode()


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page(nnflip_run: Runner, code: str) -> None:
    assert nnflip_run("explain", code).out.decode().startswith(f"{code} {CODES[code].slug}\n")


def test_ops_lists_every_pair_once(nnflip_run: Runner) -> None:
    head, *rows = nnflip_run("ops").out.decode().splitlines()
    assert head.split()[:3] == ["family", "module", "function"]
    twins = [row for row in rows if not row.endswith("has no twin")]
    assert len(twins) == len(TABLE)
    assert len(rows) == len(TABLE) + len(ONE_WAY)


def test_ops_as_json(nnflip_run: Runner) -> None:
    listed = json.loads(nnflip_run("ops", "--json").out)["ops"]
    assert [each["module"] for each in listed] == [pair.module_path for pair in TABLE]


def test_ops_can_be_narrowed(nnflip_run: Runner) -> None:
    _, *rows = nnflip_run("ops", "dropout").out.decode().splitlines()
    assert rows
    assert all("ropout" in row for row in rows)


def test_ops_tells_a_mistyped_name(nnflip_run: Runner) -> None:
    done = nnflip_run("ops", "dorpout")
    assert done.code == 2
    assert "did you mean 'dropout'" in " ".join(done.err.replace("│", " ").split())
