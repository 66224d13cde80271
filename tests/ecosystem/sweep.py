"""The sweep: converts every file of whole checkouts that nobody picked, and holds what must hold for any file.

    python tests/ecosystem/sweep.py FOLDER...

No file may crash the tool; every result parses, is left alone by a second conversion, has all the comments of the
source, and has every top-level statement that no site lies in, byte for byte. Prints a table; exit code 1 if one fails.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from nnflip.convert import Conversion, Options
from nnflip.convert.batch.one import Failure, Job, convert_job
from nnflip.convert.outcome import STYLES

SUFFIXES = {".py", ".ipynb"}


@dataclass
class Told:
    """What one file gave: counts for the table, and what is wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def main(folders: list[Path]) -> int:
    """Sweep every file of the folders, on all cores."""
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in SUFFIXES)
    paths = [path for path in paths if path.is_file() and not path.is_symlink()]
    counts: Counter[str] = Counter()
    wrong = 0
    with ProcessPoolExecutor() as pool:
        for told in pool.map(swept, paths, chunksize=4):
            counts += told.counts
            wrong += len(told.wrong)
            for line in told.wrong:
                print("BAD", line, flush=True)
    for name, count in sorted(counts.items()):
        print(f"{count:7} {name}")
    print(f"{wrong} bad")
    return 1 if wrong else 0


def swept(path: Path) -> Told:
    """One file in every style."""
    warnings.simplefilter("ignore")
    told = Told()
    job = Job(str(path), path.read_bytes())
    told.counts["files"] += 1
    for style in STYLES:
        try:
            problems = list(_one(job, Options(to=style), style, told.counts))  # type: ignore[arg-type]
        except Exception as error:
            problems = [f"{type(error).__name__}: {error}"]
        told.wrong += [f"{path} {style}: {problem}" for problem in problems]
    return told


def _one(job: Job, options: Options, style: str, counts: Counter[str]) -> Iterator[str]:
    done = convert_job(job, options)
    if isinstance(done, Failure):
        counts[f"{style}: not Python, or not readable"] += 1
        if done.details:
            yield f"crash: {done.details.strip().splitlines()[-1]}"
        return
    conversion = done.conversion
    counts[f"{style}: sites converted"] += len(conversion.all_converted)
    counts[f"{style}: sites kept"] += len(conversion.all_kept)
    if not conversion.changed:
        return
    counts[f"{style}: files changed"] += 1
    again = convert_job(Job(job.name, done.content), options)
    if isinstance(again, Failure):
        yield f"the result cannot be read: {again.line}"
    elif again.content != done.content:
        yield "a second conversion changes the result"
    lost = _comments(conversion.source) - _comments(conversion.text)
    if lost:
        yield f"lost comments: {sorted(lost)[:3]}"
    yield from _outside(conversion)


def _comments(text: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def _outside(conversion: Conversion) -> Iterator[str]:
    """Top-level classes without a converted site must stand in the result as they were.

    Unless they walk over modules by kind, where the layers that are modules no more get lines of their own, or derive
    from a class that changed.
    """
    lines = conversion.source.splitlines(keepends=True)
    touched = {model.name.split(".")[0] for model in conversion.models if model.converted}
    for node in ast.parse(conversion.source).body:
        if isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id in touched for b in node.bases):
            touched.add(node.name)
        if isinstance(node, ast.ClassDef) and node.name not in touched:
            body = "".join(lines[node.lineno - 1 : node.end_lineno])
            if body not in conversion.text and "isinstance" not in body:
                yield f"class {node.name} changed, but no site of it was converted"


if __name__ == "__main__":
    raise SystemExit(main([Path(each) for each in sys.argv[1:]]))
