"""One mutant of every kind of miscompilation is rejected, and the true pairs they come from are accepted.

The whole suite, with its score, is `python tests/mutation/run.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from suite import KINDS, Mutant, mutants, settings, twins, verdict

TWINS = [twin for twin in twins() if twin.name.startswith(("models/", "dropout/function"))]
NOT_APPLIED = {"max_norm lost"}  # no model uses it: it changes its own weight, which conversion refuses
PER_KIND = 1


def chosen() -> list[Mutant]:
    """The first mutants of each kind, from the smallest twin that has one."""
    found: dict[str, list[Mutant]] = {}
    for twin in sorted(TWINS, key=lambda one: len(one.b)):
        for mutant in mutants(twin):
            if len(found.setdefault(mutant.kind, [])) < PER_KIND:
                found[mutant.kind].append(mutant)
    return [mutant for kind in found.values() for mutant in kind]


def test_every_kind_is_applied():
    assert {mutant.kind for mutant in chosen()} == set(KINDS) - NOT_APPLIED
    assert len(KINDS) >= 40


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.name)
def test_true_pairs_are_accepted(twin):
    result = verdict(twin.a, twin.b, twin, seeds=(0,))
    assert result.verdict in ("proven", "equal"), result


@pytest.mark.torch
def test_one_mutant_of_every_kind_is_rejected_where_torch_sees_it():
    pytest.importorskip("torch", reason="torch is the referee here")
    from truth_of import truly_differs

    known = {twin.name: settings(verdict(twin.a, twin.b, twin, seeds=(0,))) for twin in TWINS}
    missed = [
        mutant.name
        for mutant in chosen()
        if verdict(mutant.twin.a, mutant.text, mutant.twin, seeds=(0,)).verdict != "different"
        and truly_differs(mutant.twin.a, mutant.text, mutant.twin, known[mutant.twin.name])
    ]
    assert missed == []
