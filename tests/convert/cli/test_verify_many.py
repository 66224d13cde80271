"""Many pairs in one go: manifest, certificate, JUnit, annotations; verified for real, on small models."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

MODULE = """\
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        return self.fc(x).relu()
"""
PAIRS = """\
[[pair]]
a = "net.py"
to = "functional"
[[pair]]
a = "net.py"
b = "wrong.py"
name = "<wrong>"
seeds = [0]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "net.py").write_text(MODULE)
    (tmp_path / "wrong.py").write_text(MODULE.replace("relu", "tanh"))
    (tmp_path / "pairs.toml").write_text(PAIRS)
    return tmp_path


def test_a_manifest_is_told_in_all_forms_and_kept_in_a_certificate(nnflip_run, folder):
    manifest = ("verify", "--manifest", "pairs.toml")
    first = nnflip_run(*manifest, "--junit", "j.xml", "--github", "--certificate", "c.json")
    assert first.code == 1
    assert "::error file=net.py,line=9,title=nnflip verify%3A different (NF401)::<wrong>: Net" in first.out.decode()
    suite = ElementTree.parse(folder / "j.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    told = json.loads(nnflip_run("verify", "--certificate", "c.json", "--json").out)
    assert [(one["verdict"], one["certified"]) for one in told["pairs"]] == [("proven", True), ("different", True)]
    (folder / "wrong.py").write_text(MODULE)
    again = json.loads(nnflip_run("verify", "--certificate", "c.json", "--json").out)
    assert [(one["verdict"], one["certified"]) for one in again["pairs"]] == [("proven", True), ("proven", False)]


def test_a_certificate_falls_with_a_file_that_the_model_imports(nnflip_run, folder):
    (folder / "parts.py").write_text("SCALE = 2.0\n")
    for name in ("net.py", "wrong.py"):
        (folder / name).write_text("from parts import SCALE\n" + MODULE.replace(".relu()", ".relu() * SCALE"))
    pair = ("verify", "net.py", "wrong.py", "--seed", "0", "--certificate", "c.json", "--json")
    assert not json.loads(nnflip_run(*pair).out)["pairs"][0]["certified"]
    assert json.loads(nnflip_run(*pair).out)["pairs"][0]["certified"]
    (folder / "parts.py").write_text("SCALE = 3.0\n")
    assert not json.loads(nnflip_run(*pair).out)["pairs"][0]["certified"]


def test_pyproject_can_hold_the_pairs(nnflip_run, folder):
    pairs = PAIRS.split("[[pair]]")[1]
    (folder / "pyproject.toml").write_text(f"[[tool.nnflip.verify.pair]]{pairs}")
    assert nnflip_run("verify", "--manifest", "pyproject.toml").code == 0
    assert (nnflip_run("check", "net.py").code, nnflip_run("convert", "net.py", "--to", "functional").code) == (0, 0)


@pytest.mark.parametrize("text", ["[project]", "tool = 1", "[tool]\nnnflip = 1", "[tool.nnflip]\nverify = 1"])
def test_a_pyproject_without_pairs_is_told_how_to_write_one(nnflip_run, folder, text):
    (folder / "pyproject.toml").write_text(text)
    run = nnflip_run("verify", "--manifest", "pyproject.toml")
    assert (run.code, run.err.count("\n")) == (2, 1)
    assert "[[tool.nnflip.verify.pair]]" in run.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no pairs"),
        ("[[pair]]\na = 'net.py'", "either b or to"),
        ("[[pair]]\na = 'net.py'\nto = 'modul'", "none of"),
        ("[[pair]]\na = 'net.py'\nb = 'x.py'\ninputs = {x = 'float33[2]'}", "no dtype"),
        ("[[pair]]\na = 'net.py'\nb = 'x.py'\nsize = 3", "'size' is none of"),
        ("[[pair", "bad.toml: Expected"),
    ],
)
def test_a_wrong_manifest_is_one_line(nnflip_run, folder, text, said):
    (folder / "bad.toml").write_text(text)
    run = nnflip_run("verify", "--manifest", "bad.toml")
    assert (run.code, run.err.count("\n")) == (2, 1)
    assert said in run.err


def test_a_manifest_that_is_not_there_is_one_line(nnflip_run, folder):
    run = nnflip_run("verify", "--manifest", "absent.toml")
    assert (run.code, run.err) == (2, "error: absent.toml: no such file\n")


def test_a_file_that_is_not_there_is_an_error_of_its_pair(nnflip_run, folder):
    (folder / "pairs.toml").write_text(PAIRS.replace("wrong.py", "absent.py"))
    run = nnflip_run("verify", "--manifest", "pairs.toml", "--json")
    assert run.code == 2
    assert [one["verdict"] for one in json.loads(run.out)["pairs"]] == ["proven", "error"]


def test_no_certificate_of_ours(nnflip_run, folder):
    (folder / "c.json").write_text("{}")
    assert nnflip_run("verify", "net.py", "net.py", "--certificate", "c.json").code == 2
