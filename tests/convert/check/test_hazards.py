"""Every hazard on its sample: samples/hazards/<slug>.py says what is found and what is not, <slug>.txt what is told.

`pytest --record` writes the .txt files anew.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from nnflip.convert import OPT_IN, check_source
from nnflip.convert.diagnostics import Diagnostic
from nnflip.convert.diagnostics.hazard import HAZARDS

SAMPLES = Path(__file__).parents[3] / "samples" / "hazards"
SLUGS = [row.slug for row in HAZARDS]


def findings(slug: str) -> list[Diagnostic]:
    return [found for found in check_source((SAMPLES / f"{slug}.py").read_text(), also=OPT_IN) if found.slug == slug]


def test_every_hazard_has_a_sample_and_every_sample_a_hazard() -> None:
    assert sorted(path.stem for path in SAMPLES.glob("*.py")) == sorted(SLUGS)
    assert sorted(path.stem for path in SAMPLES.glob("*.txt")) == sorted(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_what_is_fine_is_not_found(slug: str) -> None:
    """The classes and functions of a sample that are not called Found are without any hazard."""
    text = (SAMPLES / f"{slug}.py").read_text()
    fine = [node for node in ast.parse(text).body if not getattr(node, "name", "found").lower().startswith("found")]
    lines = {line for node in fine for line in range(node.lineno, (node.end_lineno or 0) + 1)}
    assert [found.render(slug) for found in findings(slug) if found.line in lines] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_what_is_found_is_told(slug: str, request: pytest.FixtureRequest) -> None:
    told = "".join(f"{found.render(f'{slug}.py')}\n" for found in findings(slug))
    golden = SAMPLES / f"{slug}.txt"
    if request.config.getoption("--record"):
        golden.write_text(told)
    assert told == golden.read_text()
    assert told


def test_what_is_told_only_on_request_is_not_told_otherwise() -> None:
    for slug in (row.slug for row in HAZARDS if row.code in OPT_IN):
        assert check_source((SAMPLES / f"{slug}.py").read_text()) == ()
