"""Prints the score of the verifier: `python tests/mutation/run.py [--jobs N] [--only WORD]`. Needs torch, the referee.

Every kind of miscompilation is applied to every twin. Killed: called different. A mutant that real torch cannot tell
from the original is no miscompilation, and is counted apart. Missed mutants and rejected true pairs are listed; either
is a failure.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from suite import KINDS, Mutant, Twin, mutants, settings, twins, verdict
from truth_of import truly_differs

from nnflip.convert.verify import VerifyResult


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="twins whose name holds this word")
    parser.add_argument("--each", type=int, default=1, metavar="N", help="every N-th mutant only")
    wanted = parser.parse_args()
    start = time.monotonic()
    chosen = [twin for twin in twins() if wanted.only in twin.name]
    with ThreadPoolExecutor(wanted.jobs) as pool:
        true_pairs = dict(zip((twin.name for twin in chosen), pool.map(_accepted, chosen), strict=True))
        rejected = [name for name, result in true_pairs.items() if result.verdict not in ("proven", "equal")]
        every = [mutant for twin in chosen for mutant in mutants(twin) if twin.name not in rejected]
        made = list({mutant.text: mutant for mutant in every}.values())
        random.Random(0).shuffle(made)  # so that an early look at the progress tells of all kinds
        made = made[:: wanted.each]
        score: Counter[str] = Counter()
        missed = []
        for number, (mutant, said) in enumerate(zip(made, pool.map(_judged, made), strict=True), 1):
            outcome = _outcome(mutant, said, true_pairs[mutant.twin.name])
            score[outcome] += 1
            if outcome == "missed":
                missed.append(f"{mutant.name} ({said})")
            if number % 50 == 0:
                print(f"{number}/{len(made)} {dict(score)} {missed[-1:]}", file=sys.stderr, flush=True)
    kinds = {mutant.kind for mutant in made}
    print(f"true pairs accepted: {len(chosen) - len(rejected)} of {len(chosen)}", *rejected, sep="\n  ")
    print(f"kinds of miscompilation: {len(kinds)} of {len(KINDS)} applied, {len(made)} mutants")
    print(", ".join(f"{name}: {score[name]}" for name in ("killed", "the same under torch", "missed")))
    print(*(f"  missed: {name}" for name in missed), f"in {time.monotonic() - start:.0f} s", sep="\n")
    return 1 if missed or rejected else 0


def _outcome(mutant: Mutant, said: str, true_pair: VerifyResult) -> str:
    if said == "different":
        return "killed"
    differs = truly_differs(mutant.twin.a, mutant.text, mutant.twin, settings(true_pair))
    return "missed" if differs else "the same under torch"


def _accepted(twin: Twin) -> VerifyResult:
    return verdict(twin.a, twin.b, twin)


def _judged(mutant: Mutant) -> str:
    return verdict(mutant.twin.a, mutant.text, mutant.twin).verdict


if __name__ == "__main__":
    raise SystemExit(main())
