"""The ecosystem run: converts real public files both ways and compares before and after under real torch.

    python tests/ecosystem/run.py CHECKOUTS MANIFEST.json

CHECKOUTS holds one folder per repository, named `owner+name`. The manifest lists files, how each model is built and
what it is called with. Prints a table; exit code 1 if anything crashed or is not equal. A site has a twin unless it is
kept because torch has none for it; a share is of these, calls and constructors only, where a definition is part of one.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).parent))
from compare import differences
from load import chosen_source, loaded
from published import published_text

from nnflip.convert import Conversion, Options, convert_source

STYLES = {
    "module": Options(to="module", init="exact"),
    "module, respelled": Options(to="module", init="exact", respell=True),
    "functional": Options(to="functional"),
    "recommended": Options(to="recommended", init="exact"),
    "pure": Options(to="pure"),
}
NO_TWIN = {"NF215", "NF270", "NF271"}
"""No function does it; which class it is is the caller's choice; its weight is computed before every call."""


def main(checkouts: Path, manifest: Path) -> int:
    """Run every case; the number of bad ones is the exit code, at most 1."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    counts: Counter[str] = Counter()
    bad: list[str] = []
    for entry in json.loads(manifest.read_text())["files"]:
        path = checkouts / entry["repo"].replace("/", "+") / entry["path"]
        if not path.exists():
            counts["files not there"] += 1
            continue
        counts["files"] += 1
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            found = list(run_file(path, entry, counts))
        for line in found:
            bad.append(f"{entry['repo']} {entry['path']}: {line}")
            print("BAD", bad[-1], flush=True)
    for name, count in sorted(counts.items()):
        print(f"{count:6} {name}")
    for style in STYLES:
        done, kept = counts[f"{style}: sites converted"], counts[f"{style}: sites kept"]
        print(f"{done / max(done + kept, 1):6.1%} of the sites with a twin converted to {style}")
    print(f"{len(bad)} bad")
    return 1 if bad else 0


def run_file(path: Path, entry: Mapping[str, Any], counts: Counter[str]) -> Iterator[str]:
    """Convert one file to every style and compare each of its cases."""
    load = entry.get("load") or {}
    text = chosen_source(published_text(path), load)
    for style, options in STYLES.items():
        try:
            conversion = convert_source(text, options, path=str(path))
        except Exception:
            yield f"{style}: crash: {traceback.format_exc(limit=-1)}"
            continue
        count_sites(conversion, style, counts)
        again = convert_source(conversion.text, options, path=str(path))
        if again.text != conversion.text:
            yield f"{style}: converting twice changes the text"
        if conversion.changed and style != "pure":  # whose functions no manifest calls
            yield from run_cases(text, conversion, path, entry, style, counts)


def count_sites(conversion: Conversion, style: str, counts: Counter[str]) -> None:
    """Add the calls and constructors that were converted or kept; what has no twin at all is counted apart."""
    done = [site.what.partition(" → ")[0] for site in conversion.all_converted]
    counts[f"{style}: sites converted"] += sum(not (what.startswith("self.") or what.isidentifier()) for what in done)
    for kept in conversion.all_kept:
        counts[f"{style}: sites {'without a twin' if kept.code in NO_TWIN else 'kept'}"] += 1


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
