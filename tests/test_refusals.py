"""Every reason for which a site is kept, each with a file that shows it: `samples/refuse/nf201_….py` and its findings.

The second line of a sample is the command that keeps its sites; the first says why.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nnflip.convert import CODES, Diagnostic, Options, convert_source

SAMPLES = Path(__file__).parent.parent / "samples" / "refuse"
CASES = sorted(SAMPLES.glob("*.py"))
CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
KEPT = sorted(code for code in CODES if code.startswith("NF2"))


def options_of(text: str) -> Options:
    match = re.match(r"# .*\n# nnflip convert --(to|for) (\w+)\n", text)
    assert match is not None
    return Options(to=match[2]) if match[1] == "to" else Options("module", goal=match[2])  # type: ignore[arg-type]


def row(found: Diagnostic) -> str:
    return f"{found.line}:{found.column + 1} {found.code} {found.slug}: {found.message}"


@CASE
def test_a_site_is_kept_with_its_reason(case: Path) -> None:
    text = case.read_text()
    there = convert_source(text, options_of(text))
    assert "\n".join(map(row, there.all_kept)) + "\n" == case.with_suffix(".txt").read_text()


@CASE
def test_a_file_whose_sites_are_kept_stays_as_it_is(case: Path) -> None:
    text = case.read_text()
    assert convert_source(text, options_of(text)).text == text


@CASE
def test_a_sample_shows_the_code_in_its_name(case: Path) -> None:
    code, _, slug = case.stem.partition("_")
    assert CODES[code.upper()].slug == slug.replace("_", "-")
    assert f" {code.upper()} " in case.with_suffix(".txt").read_text()


@pytest.mark.parametrize("code", KEPT)
def test_every_code_has_a_sample(code: str) -> None:
    assert any(case.stem.startswith(code.lower()) for case in CASES)


def test_slugs_are_unique() -> None:
    assert len({row.slug for row in CODES.values()}) == len(CODES)
