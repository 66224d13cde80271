"""The public functions of verification: two files, two texts, or two versions laid side by side."""

from __future__ import annotations

import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..files.notebook import read_notebook
from .layers import LayerDiff
from .request import BackendName, Request
from .result import VerifyResult
from .session import verify, verify_with_traces
from .sides import Program
from .task import StateMaps, Task


def verify_files(
    a: Path,
    b: Path,
    *,
    state_maps: StateMaps | None = None,
    backend: BackendName = "numpy",
    seeds: Sequence[int] = (0, 1, 2),
    inputs: Mapping[str, str] | None = None,
    init_args: Mapping[str, Any] | None = None,
    models: Mapping[str, str] | None = None,
    close_ok: bool = False,
    timeout: float = 60.0,
    memory_mb: int = 4096,
) -> VerifyResult:
    """Runs the models of two files side by side. `inputs`: `{"x": "float32[2,3,32,32]"}`; `models`: names of A to B.

    Of a notebook its code cells are run, as one text. Raises OSError and SyntaxError (from decoding) for files that
    cannot be read, CannotRead for notebooks that are none, BadRequest for inputs not understood.
    """
    request = Request(backend, tuple(seeds), inputs, init_args, models, close_ok, timeout, memory_mb)
    return verify(Task(_program(a), _program(b), state_maps, request))


def verify_texts(
    a_text: str, b_text: str, request: Request, *, state_maps: StateMaps | None = None, path: str = "model.py"
) -> VerifyResult:
    """The same for a source and its conversion; `path` is where the source lies, for imports of its neighbours."""
    where = str(Path(path).absolute())
    return verify(Task(Program(a_text, where), Program(b_text, where), state_maps, request))


def diff_files(
    a: Path, b: Path, request: Request, *, state_maps: StateMaps | None = None
) -> tuple[VerifyResult, tuple[LayerDiff, ...]]:
    """Two versions laid side by side: the verdict, and for each pair of models the table of their operations."""
    task = Task(_program(a), _program(b), state_maps, replace(request, digests=True))
    result, found = verify_with_traces(task)
    verdicts = {verdict.name: verdict for verdict in result.models}
    diffs = []
    for one in found:
        diffs.append(LayerDiff(verdicts[one.verdict.name], **one.rows))
    return result, tuple(diffs)


def _program(path: Path) -> Program:
    if path.suffix == ".ipynb":
        return Program(read_notebook(path.read_bytes()).text, str(path.absolute()))
    with tokenize.open(path) as file:
        return Program(file.read(), str(path.absolute()))
