"""The ecosystem run: converts real public files both ways and compares before and after under real torch.

    python tests/ecosystem/run.py CHECKOUTS MANIFEST.json

CHECKOUTS holds one folder per repository, named `owner+name`. The manifest lists files, how each model is built and
what it is called with. Prints a table; exit code 1 if anything crashed or is not equal.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).parent))
from compare import differences
from load import chosen_source, loaded

from nnflip.convert import Conversion, Options, convert_source

STYLES = ("module", "functional", "recommended")


def main(checkouts: Path, manifest: Path) -> int:
    """Run every case; the number of bad ones is the exit code, at most 1."""
    torch.set_num_threads(1)
    counts: Counter[str] = Counter()
    bad: list[str] = []
    for entry in json.loads(manifest.read_text())["files"]:
        path = checkouts / entry["repo"].replace("/", "+") / entry["path"]
        if path.suffix != ".py" or not path.exists():
            counts["files not there" if path.suffix == ".py" else "files of another kind"] += 1
            continue
        counts["files"] += 1
        for line in run_file(path, entry, counts):
            bad.append(f"{entry['repo']} {entry['path']}: {line}")
            print("BAD", bad[-1], flush=True)
    for name, count in sorted(counts.items()):
        print(f"{count:6} {name}")
    print(f"{len(bad)} bad")
    return 1 if bad else 0


def run_file(path: Path, entry: Mapping[str, Any], counts: Counter[str]) -> Iterator[str]:
    """Convert one file to every style and compare each of its cases."""
    load = entry.get("load") or {}
    text = chosen_source(path.read_text(encoding="utf-8"), load)
    for style in STYLES:
        try:
            conversion = convert_source(text, Options(to=style), path=str(path))  # type: ignore[arg-type]
        except Exception:
            yield f"{style}: crash: {traceback.format_exc(limit=-1)}"
            continue
        counts[f"{style}: sites converted"] += sum(len(model.converted) for model in conversion.models)
        counts[f"{style}: sites kept"] += len(conversion.all_kept)
        again = convert_source(conversion.text, Options(to=style), path=str(path))  # type: ignore[arg-type]
        if again.text != conversion.text:
            yield f"{style}: converting twice changes the text"
        if conversion.changed:
            yield from run_cases(text, conversion, path, entry, style, counts)


def run_cases(
    text: str, conversion: Conversion, path: Path, entry: Mapping[str, Any], style: str, counts: Counter[str]
) -> Iterator[str]:
    """Compare the cases of one conversion."""
    load = entry.get("load") or {}
    for case in entry["cases"]:
        case = {"setup": entry.get("setup", ""), **case}
        try:
            with loaded(text, path, load) as before, loaded(conversion.text, path, load) as after:
                found = differences(before, after, conversion, case)
        except Exception:
            if runs_alone(text, path, load, case):
                yield f"{style} {case['name']}: {traceback.format_exc(limit=-2)}"
            else:
                counts["cases that do not run as published"] += 1
            continue
        counts[f"{style}: cases compared"] += 1
        for line in found:
            yield f"{style} {case['name']}: {line}"


def runs_alone(text: str, path: Path, load: Mapping[str, Any], case: Mapping[str, Any]) -> bool:
    """Whether the published file itself runs here."""
    try:
        with loaded(text, path, load) as one, loaded(text, path, load) as other:
            return not differences(one, other, Conversion(text, text), case)
    except Exception:
        return False


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
