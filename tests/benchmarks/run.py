"""Speed as ratios, each measured in this one run. No test: nothing here passes or fails.

    python tests/benchmarks/run.py [NAME ...]

Names: idle, busy, start, small, verify. `verify` needs torch; all but `idle` and `verify` need libcst.
"""

from __future__ import annotations

import ast
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "samples"
CNN = SAMPLES / "articles" / "cnn" / "function.py"
IDLE = '"""No model here."""\n\n' + "\n\n".join(
    f"def f{i}(x, y=({i}, [{i}])):\n    return x * {i} + sum(y)" for i in range(60)
)


def ratio(ours: Callable[[], object], theirs: Callable[[], object], runs: int = 7) -> tuple[float, float, float]:
    """Minimum, median and maximum of ours / theirs, the two timed in turn."""
    ours(), theirs()
    found = [_seconds(ours) / _seconds(theirs) for _ in range(runs)]
    return min(found), statistics.median(found), max(found)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _process(*arguments: str) -> Callable[[], object]:
    """A run of Python whose modules are compiled before it is timed, as those of an installed package are."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=_compiled())


@cache
def _compiled() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": tempfile.mkdtemp()}


def idle() -> tuple[str, tuple[float, float, float]]:
    """A tree with nothing to convert, against Python's own parse of it."""
    from nnflip.convert import Options, convert_source

    texts = [IDLE, *(IDLE + f"\nimport torch  # {i}\n" for i in range(5))] * 8
    options = Options(to="module")
    return "nothing to convert / ast.parse", ratio(
        lambda: [convert_source(text, options) for text in texts], lambda: [ast.parse(text) for text in texts]
    )


def busy() -> tuple[str, tuple[float, float, float]]:
    """A tree where everything converts, against libcst parsing and printing it."""
    import libcst

    from nnflip.convert import Options, convert_source

    texts = [path.read_text() for path in sorted(SAMPLES.rglob("module.py"))] * 4
    options = Options(to="functional")
    return "everything converts / libcst parse and print", ratio(
        lambda: [convert_source(text, options) for text in texts],
        lambda: [libcst.parse_module(text).code for text in texts],
    )


def start() -> tuple[str, tuple[float, float, float]]:
    """`nnflip --version` against starting Python."""
    return "nnflip --version / python -c pass", ratio(
        _process("-m", "nnflip.convert", "--version"), _process("-c", "pass")
    )


def small() -> tuple[str, tuple[float, float, float]]:
    """Converting one small file, against importing libcst."""
    return "convert a small file / import libcst", ratio(
        _process("-m", "nnflip.convert", "convert", str(CNN), "--to", "module", "-o", _somewhere()),
        _process("-c", "import libcst"),
    )


def verify() -> tuple[str, tuple[float, float, float]]:
    """Verifying the CNN from cold start to verdict, against importing torch."""
    from nnflip.convert import Options, convert_source

    twin = Path(_somewhere())
    conversion = convert_source(CNN.read_text(), Options(to="module", init="exact"))
    twin.write_text(conversion.text)
    report = Path(_somewhere("report.json"))
    subprocess.run(
        [sys.executable, "-m", "nnflip.convert", "convert", str(CNN), "--to", "module", "--report", str(report)],
        check=True,
        capture_output=True,
    )
    return "verify the CNN / import torch", ratio(
        _process("-m", "nnflip.convert", "verify", str(CNN), str(twin), "--map", str(report)),
        _process("-c", "import torch"),
    )


def _somewhere(name: str = "model.py") -> str:
    return str(Path(tempfile.mkdtemp()) / name)


BENCHMARKS: dict[str, Callable[[], tuple[str, tuple[float, float, float]]]] = {
    "idle": idle,
    "busy": busy,
    "start": start,
    "small": small,
    "verify": verify,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHMARKS:
        what, (low, middle, high) = BENCHMARKS[name]()
        print(f"{middle:6.2f}  ({low:.2f} to {high:.2f})  {what}", flush=True)
