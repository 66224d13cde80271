"""[tool.nnflip] of pyproject.toml: found upwards, read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnflip.convert.files.settings import BadSettings, Settings, settings_for
from nnflip.convert.verify.request import pinned


def test_the_nearest_pyproject_counts(tmp_path: Path) -> None:
    inner = tmp_path / "pkg" / "deep"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.nnflip]\nexclude = ['a/']\n")
    (tmp_path / "pkg" / "pyproject.toml").write_text(
        "[tool.nnflip]\nexclude = ['b/']\n"
        "[tool.nnflip.models.Net]\ninit_args = {n = 10}\ninputs = {x = 'float32[2,3]'}\n"
    )
    assert settings_for(tmp_path / "net.py").exclude == ("a/",)
    found = settings_for(inner / "net.py")
    assert found.exclude == ("b/",)
    assert found.models == {"Net": {"init_args": {"n": 10}, "inputs": {"x": "float32[2,3]"}}}
    assert found.origin == tmp_path / "pkg" / "pyproject.toml"


def test_a_pyproject_without_a_table_is_passed_over(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert settings_for(inner).origin != inner / "pyproject.toml"
    (tmp_path / "pyproject.toml").write_text("[tool.nnflip]\nignore = ['nf3']\n")
    assert settings_for(inner / "net.py").ignore == ("NF3",)


def test_an_empty_table_is_the_default(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.nnflip]\n")
    assert settings_for(tmp_path) == Settings(origin=tmp_path / "pyproject.toml")


def test_codes_are_silenced_per_file(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.nnflip]\nper-file-ignores = { "tests/*" = ["NF301"], "*_old.py" = ["dropout-always-on", "NF3"] }\n'
    )
    settings = settings_for(tmp_path)
    assert settings.ignored_in(tmp_path / "net.py") == ()
    assert settings.ignored_in(tmp_path / "tests" / "test_net.py") == ("NF301",)
    assert settings.ignored_in(tmp_path / "tests" / "a_old.py") == ("NF301", "dropout-always-on", "NF3")


def test_pairs_to_verify_may_stand_in_the_same_file(tmp_path: Path) -> None:
    pair = "[[tool.nnflip.verify.pair]]\na = 'net.py'\nto = 'functional'\n"
    (tmp_path / "pyproject.toml").write_text("[tool.nnflip]\nignore = ['NF3']\n" + pair)
    settings = settings_for(tmp_path)
    assert settings.ignore == ("NF3",)
    assert settings.said == {"ignore"}


def test_pairs_alone_hide_no_settings_further_up(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "pyproject.toml").write_text(
        "[tool.nnflip]\nignore = ['NF3']\n[tool.nnflip.models.Net]\ninit_args = {n = 1}\n"
    )
    (inner / "pyproject.toml").write_text("[[tool.nnflip.verify.pair]]\na = 'net.py'\nto = 'functional'\n")
    assert settings_for(inner / "net.py").ignore == ("NF3",)
    assert pinned(inner / "net.py", "Net").init_args == {"n": 1}


BAD = {
    "not TOML": ("[tool", "not TOML"),
    "not a table": ("[tool]\nnnflip = 1", "must be a table"),
    "an unknown key": ("[tool.nnflip]\nexcludes = []", "no key 'excludes'; did you mean 'exclude'"),
    "a wrong kind": ("[tool.nnflip]\nexclude = 'x'", "exclude must be a list of patterns"),
    "a wrong item": ("[tool.nnflip]\nexclude = [1]", "exclude must be a list of patterns"),
    "a wrong code": ("[tool.nnflip]\nselect = ['dropout-alway-on']", "select: dropout-alway-on: no such code; did you"),
    "a wrong code for a file": ("[tool.nnflip.per-file-ignores]\n'*' = ['NF999']", "per-file-ignores '\\*': NF999"),
    "codes that are no list": ("[tool.nnflip.per-file-ignores]\n'*' = 'NF301'", "must be a table of pattern"),
    "a model that is no table": ("[tool.nnflip.models]\nNet = 1", "models must be a table"),
    "pairs that are no table": ("[tool.nnflip]\nverify = 1", "verify must be a table"),
    "an unknown key of a model": ("[tool.nnflip.models.Net]\ninput = {}", "no key 'input'; did you mean 'inputs'"),
}


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD)
def test_a_mistake_is_one_line_that_names_the_file(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(BadSettings, match=said) as caught:
        settings_for(tmp_path)
    assert str(caught.value).startswith(str(tmp_path / "pyproject.toml"))
    assert "\n" not in str(caught.value)
