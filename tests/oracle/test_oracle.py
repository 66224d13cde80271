"""The first of torch's own samples of everything the runtime has; the whole is `python tests/oracle/run.py`."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import ModuleType

import pytest
from oracle import known

from nnflip.convert.report.coverage import coverage, markdown

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(scope="module")
def samples(torch: ModuleType) -> ModuleType:
    """Torch's lists."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oracle import samples
    return samples


@pytest.mark.torch
@pytest.mark.parametrize("kind", ["modules", "ops", "second"])
def test_first_samples_pass_or_are_known(samples: ModuleType, kind: str) -> None:
    listed, source = known.read(), getattr(samples, kind)
    named = samples.ops if kind == "second" else source
    unknown = [
        f"{case.name} {case.part} {case.which}: {trouble}"
        for name, infos in named.names().items()
        if named.claimed(infos[0])
        for case in source.cases(name, infos, limit=1)
        if (name, case.kind) not in listed and (trouble := case.trouble())
    ]
    assert unknown == []


def test_what_does_not_pass_has_a_reason() -> None:
    assert [name for name, row in known.read().items() if row.reason.startswith("?") or not row.count] == []


def test_the_list_and_the_numbers_tell_the_same() -> None:
    failing = {
        (row.name.removeprefix("torch."), kind): total - passed
        for row in coverage()
        for kind, (passed, total) in (("samples", row.samples), ("errors", row.errors), ("second", row.second))
        if total > passed
    }
    assert {key: row.count for key, row in known.read().items()} == failing


def test_enough_passes() -> None:
    rows = coverage()
    for families, least in (
        (("torch.nn", "torch.nn.functional"), 0.98),
        (("torch", "torch.linalg", "torch.special"), 0.95),
    ):
        passed, total = map(sum, zip(*(row.samples for row in rows if row.family in families), strict=True))
        assert passed >= least * total


def test_the_readme_shows_these_numbers() -> None:
    assert markdown(coverage()) in README.read_text(encoding="utf-8")
