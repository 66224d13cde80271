"""Verdicts where a report says that sites are close: rounding passes, and is told; anything larger does not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nnflip.convert import Options, convert_source
from nnflip.convert.cli.app import app
from nnflip.convert.report.document import BadReport, document, dump, has_close_sites
from nnflip.convert.verify import Request, VerifyResult, verify_texts

NET = """import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(6, 5))
        self.b = nn.Parameter(torch.zeros(5))

    def forward(self, x):
        return {value}


def get_inputs():
    return [torch.rand(3, 6)]
"""
PRODUCT = NET.format(value="x @ self.w + self.b")


def verdict(a: str, b: str, *, close_ok: bool = True) -> VerifyResult:
    return verify_texts(NET.format(value=a), NET.format(value=b), Request(close_ok=close_ok))


def test_a_small_error_that_float64_shows_too_is_different() -> None:
    assert verdict("x @ self.w", "x @ self.w * (1 + 1e-4)").verdict == "different"


def test_what_is_close_is_different_where_no_site_is_said_to_be() -> None:
    assert verdict("x * 3 / 3", "x * self.w.new_ones(())", close_ok=False).verdict == "different"


def test_rounding_beyond_the_rule_is_equal_if_float64_is_close() -> None:
    result = verdict("(x + 1e4) - 1e4 + self.b.sum() * 0", "x + self.b.sum() * 0")
    assert (result.verdict, result.close) == ("equal", True)
    assert any("in float64 they are close" in note for note in result.models[0].notes)


def test_identical_numbers_are_not_called_close() -> None:
    result = verdict("x @ self.w + self.b", "x @ self.w + self.b")
    assert (result.verdict, result.close) == ("proven", False)


def test_the_report_tells_of_close_sites() -> None:
    there = convert_source(PRODUCT, Options(to="module", respell=True))
    written = document([("net.py", there), ("other.py", replace(there, models=()))])
    assert written["files"][0]["models"][0]["converted"][-1]["close"] is True
    assert has_close_sites(dump(written))
    assert not has_close_sites(dump(written), path="other.py")
    with pytest.raises(BadReport):
        has_close_sites("{}")


def test_convert_and_verify_carry_a_transposed_weight(tmp_path: Path) -> None:
    source, result, report = (str(tmp_path / name) for name in ("net.py", "net_new.py", "r.json"))
    Path(source).write_text(PRODUCT)
    run = CliRunner().invoke
    done = run(app, ["convert", source, "--to", "module", "--respell", "-o", result, "--report", report, "--verify"])
    assert done.exit_code == 0, done.output
    assert "(close)" in done.output
    assert "w → linear.weight (transposed)" in done.output
    done = run(app, ["verify", source, result, "--map", report, "--json"])
    assert json.loads(done.output)["verdict"] == "equal"
    assert run(app, ["diff", source, result, "--map", report]).exit_code == 0
