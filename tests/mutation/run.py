"""Prints the score of the verifier: `python tests/mutation/run.py [--jobs N] [--only WORD]`. Needs torch, the referee.

Every kind of miscompilation is applied to every twin. Killed: called different. A mutant that real torch cannot tell
from the original is no miscompilation, and is counted apart; so is one that was accepted and differs by rounding only.
Missed mutants, rejected true pairs and false alarms (called different, and the same under torch) are listed; a missed
mutant or a rejected pair is a failure.

Both sides of a verdict run in one worker process, as near.py has it; what is missed there is asked again of the
verifier proper.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from near import enter, judged
from suite import KINDS, Mutant, mutants, settings, twins, verdict
from truth_of import differs_by_more_than_rounding, truly_differs

from nnflip.convert.verify import VerifyResult

_ACCEPTED = ("proven", "equal")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="twins whose name holds this word")
    parser.add_argument("--each", type=int, default=1, metavar="N", help="every N-th mutant only")
    wanted = parser.parse_args()
    start = time.monotonic()
    chosen = [twin for twin in twins() if wanted.only in twin.name]
    with ProcessPoolExecutor(wanted.jobs, multiprocessing.get_context("spawn"), initializer=enter) as pool:
        true_pairs = dict(zip((twin.name for twin in chosen), pool.map(judged, chosen), strict=True))
        rejected = [name for name, result in true_pairs.items() if result.verdict not in _ACCEPTED]
        every = [mutant for twin in chosen for mutant in mutants(twin) if twin.name not in rejected]
        made = list({mutant.text: mutant for mutant in every}.values())
        made = made[:: wanted.each]
        verdicts = pool.map(judged, made, chunksize=4)
        found = dict(_outcomes(made, verdicts, true_pairs))
    print(f"true pairs accepted: {len(chosen) - len(rejected)} of {len(chosen)}", *rejected, sep="\n  ")
    print(f"kinds of miscompilation: {len({one.kind for one in made})} of {len(KINDS)} applied, {len(made)} mutants")
    score = Counter(outcome for outcome, _ in found.values())
    print(
        ", ".join(
            f"{name}: {score[name]}"
            for name in ("killed", "the same under torch", "rounding only", "missed", "false alarm")
        )
    )
    for name in ("missed", "rounding only", "false alarm"):
        print(*(f"  {name}: {said}" for outcome, said in found.values() if outcome == name), sep="\n")
    print(f"in {time.monotonic() - start:.0f} s")
    return 1 if score["missed"] or rejected else 0


def _outcomes(
    made: list[Mutant], verdicts: Iterator[VerifyResult], true_pairs: dict[str, VerifyResult]
) -> Iterator[tuple[int, tuple[str, str]]]:
    """For each mutant the outcome and a line that tells of it."""
    score: Counter[str] = Counter()
    for number, (mutant, result) in enumerate(zip(made, verdicts, strict=True), 1):
        differs = truly_differs(mutant.twin.a, mutant.text, mutant.twin, settings(true_pairs[mutant.twin.name]))
        outcome = _outcome(result.verdict, differs)
        if outcome == "missed":
            known = settings(true_pairs[mutant.twin.name])
            more = differs_by_more_than_rounding(mutant.twin.a, mutant.text, mutant.twin, known)
            said = verdict(mutant.twin.a, mutant.text, mutant.twin).verdict
            outcome = _outcome(said, differs) if more else "rounding only"
        score[outcome] += 1
        yield number, (outcome, f"{mutant.name} ({_said(result)})")
        if outcome in ("missed", "false alarm"):
            print(f"{outcome}: {mutant.name} ({_said(result)})", file=sys.stderr, flush=True)
        if number % 200 == 0:
            print(f"{number}/{len(made)} {dict(score)}", file=sys.stderr, flush=True)


def _outcome(said: str, differs: bool) -> str:
    if said == "different":
        return "killed" if differs else "false alarm"
    return "missed" if differs else "the same under torch"


def _said(result: VerifyResult) -> str:
    worst = next((model for model in result.models if model.verdict == result.verdict), None)
    return f"{result.verdict} {worst.code}: {worst.reason[:160]}" if worst else f"{result.verdict} {result.reason}"


if __name__ == "__main__":
    raise SystemExit(main())
