"""Every reason for which a site is kept, each with a file that shows it: `samples/refuse/nf201_….py` and its findings.

The second line of a sample is the command that keeps its sites; the first says why. A folder with the name of a sample
holds files that are converted together with it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from nnflip.convert import CODES, Conversion, Diagnostic, Options, convert_source
from nnflip.convert.batch.one import Converted, Job
from nnflip.convert.batch.together import convert_all
from nnflip.convert.outcome import Expand

SAMPLES = Path(__file__).parent.parent / "samples" / "refuse"
CASES = sorted(SAMPLES.glob("*.py"))
CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
KEPT = sorted(code for code in CODES if code.startswith("NF2"))


def options_of(text: str) -> Options:
    match = re.match(r"# .*\n# nnflip convert --(to|for) (\w+)( --respell)?( --expand rnn)?\n", text)
    assert match is not None
    expand: frozenset[Expand] = frozenset({"rnn"}) if match[4] else frozenset()
    options = Options("module", respell=bool(match[3]), expand=expand)
    return replace(options, to=match[2]) if match[1] == "to" else replace(options, goal=match[2])  # type: ignore[arg-type]


def converted(case: Path) -> Conversion:
    """The conversion of a sample, together with its neighbours."""
    text = case.read_text()
    neighbours = sorted(case.with_suffix("").glob("*.py"))
    if not neighbours:
        return convert_source(text, options_of(text))
    jobs = [Job(str(path.relative_to(SAMPLES)), path.read_bytes()) for path in (case, *neighbours)]
    result = next(convert_all(jobs, options_of(text)))
    assert isinstance(result, Converted)
    return result.conversion


def row(found: Diagnostic) -> str:
    return f"{found.line}:{found.column + 1} {found.code} {found.slug}: {found.message}"


@CASE
def test_a_site_is_kept_with_its_reason(case: Path) -> None:
    there = converted(case)
    assert "\n".join(map(row, there.all_kept)) + "\n" == case.with_suffix(".txt").read_text()


@CASE
def test_a_file_whose_sites_are_kept_stays_as_it_is(case: Path) -> None:
    assert not converted(case).changed


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
