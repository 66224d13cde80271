"""Many pairs, or pairs with a certificate: verified on all cores, and told in the forms that CI reads."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ..files.trouble import reason_of
from ..report.many_verdicts import PairOutcome, as_github, as_json, as_junit, as_lines
from ..report.paint import paint_for
from ..verify.certificate import BadCertificate, Certified, read, written
from ..verify.manifest import BadManifest, PairSpec, read_manifest
from ..verify.result import Verdict, worst
from .exits import FAILED, gravest
from .proof import CODES
from .screen import complain, put


@dataclass(frozen=True)
class Outputs:
    """Where the outcome goes besides the screen."""

    as_json: bool = False
    junit: Path | None = None
    github: bool = False
    certificate: Path | None = None


def run_manifest(manifest: Path, outputs: Outputs) -> int:
    """All pairs of a manifest; the exit code."""
    try:
        return run_pairs(read_manifest(manifest), outputs)
    except BadManifest as error:
        complain(str(error))
    except OSError as error:
        complain(f"{error.filename or manifest}: {reason_of(error)}")
    return FAILED


def run_certificate(outputs: Outputs) -> int:
    """The pairs that a certificate knows: those that still hold at once, the others anew."""
    certified = _certified(outputs.certificate)
    if not certified:
        complain(f"{outputs.certificate}: no certificate there yet; give two files or --manifest to make one")
        return FAILED
    return run_pairs(tuple(one.pair for one in certified), outputs)


def run_pairs(pairs: Sequence[PairSpec], outputs: Outputs) -> int:
    """Verify pairs, print and write what was asked for; the exit code."""
    try:
        known = {_key(one.pair): one for one in _certified(outputs.certificate)}
    except BadCertificate as error:
        complain(f"{outputs.certificate}: {error}")
        return FAILED
    outcomes: dict[int, PairOutcome] = {}
    for number, outcome in _all(pairs, known):
        outcomes[number] = outcome
        _progress(len(outcomes), len(pairs))
    found = [outcomes[number] for number in range(len(pairs))]
    _tell(found, outputs)
    if outputs.certificate is not None and all(one.verdict in CODES for one in found):
        write(outputs.certificate, written([(pair, one.result) for pair, one in zip(pairs, found, strict=True)]))
    return gravest(CODES.get(one.verdict, FAILED) for one in found)


def _all(pairs: Sequence[PairSpec], known: dict[Any, Certified]) -> Iterator[tuple[int, PairOutcome]]:
    """Outcomes as they come; threads are enough, the work is done in the confined processes."""
    with ThreadPoolExecutor(max(1, (os.cpu_count() or 2) // 2)) as pool:  # each pair runs two processes
        running = {pool.submit(_one, pair, known.get(_key(pair))): number for number, pair in enumerate(pairs)}
        for done in as_completed(running):
            yield running[done], done.result()


def _one(pair: PairSpec, certified: Certified | None) -> PairOutcome:
    from ..verify.session import Task
    from ..verify.session import verify as run_both
    from .versions import CannotCompare, allow_close, own_conversion, read_map, read_program

    if certified is not None and certified.holds():
        return PairOutcome(pair.title, str(pair.a), certified.entry["result"], reused=True)
    start = time.monotonic()
    try:
        first = read_program(pair.a)
        second, maps = own_conversion(first, cast(str, pair.to)) if pair.b is None else (read_program(pair.b), None)
        maps = read_map(pair.map, str(pair.a), (first, second)) if pair.map else maps
        request = allow_close(pair.request, pair.map, str(pair.a))
    except CannotCompare as error:
        return PairOutcome(pair.title, str(pair.a), {"verdict": "error", "reason": str(error)})
    result = run_both(Task(first, second, maps, request)).as_json()
    return PairOutcome(pair.title, str(pair.a), json.loads(json.dumps(result)), time.monotonic() - start)


def _key(pair: PairSpec) -> tuple[str, ...]:
    return str(pair.a), str(pair.b), str(pair.to), str(pair.map), repr(pair.request), pair.name


def _certified(path: Path | None) -> tuple[Certified, ...]:
    if path is None or not path.is_file():
        return ()
    return read(path.read_text(encoding="utf-8"))


def _progress(done: int, number: int) -> None:
    if sys.stderr.isatty() and number > 1:
        print(f"\rverified {done}/{number}", end="\n" if done == number else "", file=sys.stderr, flush=True)


def _tell(found: Sequence[PairOutcome], outputs: Outputs) -> None:
    verdicts = [cast(Verdict, one.verdict) if one.verdict in CODES else "inconclusive" for one in found]
    if outputs.as_json:
        put([as_json(found, worst(verdicts))])
    else:
        put(as_lines(found, paint_for(sys.stdout)))
    if outputs.github:
        put(as_github(found))
    if outputs.junit is not None:
        write(outputs.junit, as_junit(found))


def write(path: Path, text: str) -> None:
    """A report is ours: an older one of that name is replaced, whole or not at all."""
    if path.is_dir():
        complain(f"{path}: is a directory")
        raise SystemExit(FAILED)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        complain(f"{path}: {error.strerror}")
        raise SystemExit(FAILED) from None
