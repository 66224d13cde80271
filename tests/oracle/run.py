"""Runs torch's own samples against the runtime.

    python tests/oracle/run.py [--modules] [--ops] [--limit N] [--record] [--verbose] [NAME…]

NAME is an operator or module as torch's lists call it (`nn.functional.conv2d`, `nn.Conv2d`, `linalg.*`). Prints what
fails, and the table of coverage. `--record` writes the counts of the names that ran into coverage.json of the runtime,
into the README's table and into known.txt, where the reasons of what is new are to be written by hand.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from oracle import known
from oracle.samples import modules, ops, second

from nnflip.convert.report.coverage import coverage, coverage_file, markdown

Counts = dict[str, list[int]]
UNEXPLAINED = "?"
README = Path(__file__).parents[2] / "README.md"


def main() -> int:
    """0 if nothing fails that known.txt does not list."""
    options = _options()
    counts, reasons, bad = {}, known.read(), 0
    for name, cases in chosen(options):
        counts[name], troubles = ran(cases)
        for kind, found in troubles.items():
            listed = reasons.get((name, kind), known.Known(0, UNEXPLAINED))
            bad += len(found) > listed.count
            _tell(name, kind, found, options.verbose)
        if options.record:
            _record({name: counts[name]})
            reasons = {key: row for key, row in known.read().items() if key[0] != name}
            reasons |= {
                (name, kind): known.Known(len(found), _reason(name, kind, found[0]))
                for kind, found in troubles.items()
                if found
            }
            known.write(reasons)
    if options.record:
        _into_readme()
    print(markdown(coverage({"names": counts})))
    return int(bad > 0)


def chosen(options: argparse.Namespace) -> Iterator[tuple[str, Any]]:
    """The claimed names that were asked for, with their cases."""
    both = options.modules == options.ops
    for source, wanted in ((modules, options.modules or both), (ops, options.ops or both)):
        for name, infos in source.names().items() if wanted else ():
            if any(fnmatch(name, pattern) for pattern in options.names or ["*"]) and source.claimed(infos[0]):
                further = second.cases(name, infos, options.limit) if source is ops else ()
                yield name, itertools.chain(source.cases(name, infos, options.limit), further)


def ran(cases: Any) -> tuple[Counts, dict[str, list[str]]]:
    """Passed and total, and what went wrong, each for samples, errors and second gradients."""
    counts: Counts = {kind: [0, 0] for kind in known.KINDS}
    troubles: dict[str, list[str]] = {kind: [] for kind in known.KINDS}
    for case in cases:
        kind = case.kind
        trouble = case.trouble()
        counts[kind][0] += trouble is None
        counts[kind][1] += 1
        if trouble is not None:
            troubles[kind].append(f"{case.part} {case.which}: {trouble}")
    return counts, troubles


def _reason(name: str, kind: str, first: str) -> str:
    """What stands there, or a question with what happened."""
    before = known.read().get((name, kind))
    return before.reason if before else f"{UNEXPLAINED} {first[:160]}"


def _record(counts: dict[str, Counts]) -> None:
    file = coverage_file()
    document = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"version": 1, "names": {}}
    document["names"] |= counts
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in sorted(document["names"].items()))
    file.write_text(f'{{\n "version": 1,\n "names": {{\n{rows}\n }}\n}}\n', encoding="utf-8")


def _into_readme() -> None:
    text = README.read_text(encoding="utf-8")
    README.write_text(
        re.sub(r"\| family \| names .*\n(\|.*\n)+", lambda _: markdown(coverage()), text), encoding="utf-8"
    )


def _tell(name: str, kind: str, found: list[str], verbose: bool) -> None:
    if not found:
        return
    print(f"{name}: {len(found)} {kind}", flush=True)
    if verbose:
        print("".join(f"    {one}\n" for one in found), end="")
    else:
        alike = Counter(one.partition(": ")[2][:150] for one in found)
        print("".join(f"    {count} × {text}\n" for text, count in alike.most_common(3)), end="")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--modules", action="store_true", help="only modules")
    parser.add_argument("--ops", action="store_true", help="only operators")
    parser.add_argument("--limit", type=int, help="so many samples of each variant, dtype and mode")
    parser.add_argument("--record", action="store_true", help="write coverage.json and known.txt")
    parser.add_argument("--verbose", action="store_true", help="every sample that fails")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
