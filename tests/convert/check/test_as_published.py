"""The published articles' faults, each found at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnflip.convert import check_source

PUBLISHED = Path(__file__).parents[3] / "samples" / "articles" / "as_published"

FAULTS = {
    "functional_cnn": [
        (20, "flattened-too-early"),
        (22, "value-dropped"),
        (22, "missing-argument"),
        (23, "flattened-too-early"),
        (25, "value-dropped"),
        (25, "missing-argument"),
        (26, "transposed-weight"),
    ],
    "module_cnn": [(19, "flattened-too-early")],
    "mlp": [(15, "dropout-always-on"), (16, "dropout-always-on")],
    "model2": [(14, "dropout-always-on")],
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_found_at_its_line(name: str) -> None:
    found = check_source((PUBLISHED / f"{name}.py").read_text())
    assert [(finding.line, finding.slug) for finding in found] == FAULTS[name]


def test_a_dropped_value_says_what_was_used_instead() -> None:
    found = check_source((PUBLISHED / "functional_cnn.py").read_text())
    dropped = [finding.message for finding in found if finding.slug == "value-dropped"]
    assert dropped == [
        "the value of `out` is never used: line 23 gives it a new one, computed from `x`",
        "the value of `out` is never used: line 26 gives it a new one, computed from `x`",
    ]


@pytest.mark.parametrize("twin", ["cnn", "mlp", "dropout", "tutorial_net", "sequential_block"])
def test_the_corrected_twins_are_clean(twin: str) -> None:
    folder = PUBLISHED.parent / twin
    assert [check_source((folder / name).read_text()) for name in ("function.py", "module.py")] == [(), ()]
