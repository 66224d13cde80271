"""Many files: in order, on several processes, and one that dies costs only itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnflip.convert.batch import many
from nnflip.convert.batch.deep_stack import TooDeep, run_deep
from nnflip.convert.batch.many import run_all
from nnflip.convert.batch.one import Job

JOBS = [Job(f"{number}.py", b"import torch\n" + b"x" * number) for number in range(60)]


def test_results_come_in_order_from_one_process() -> None:
    assert list(run_all(lambda job: job.name, JOBS[:5])) == [job.name for job in JOBS[:5]]


POOL = """
import os
from nnflip.convert.batch import many
from nnflip.convert.batch.one import Failure, Job

def work(job):
    if job.name == "13.py":
        os._exit(1)
    return job.name, os.getpid()

if __name__ == "__main__":
    many._cores = lambda: 2
    jobs = [Job(f"{number}.py", b"import torch") for number in range(40)]
    results = list(many.run_all(work, jobs))
    for job, result in zip(jobs, results, strict=True):
        if job.name == "13.py":
            assert isinstance(result, Failure) and "13.py: the process that worked on it died" in result.line
        else:
            assert result[0] == job.name and result[1] != os.getpid(), result
"""


def test_a_file_that_kills_its_process_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(POOL)
    subprocess.run([sys.executable, str(tmp_path / "script.py")], check=True, timeout=60)


def test_few_candidates_start_no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "ProcessPoolExecutor", None)
    others = [Job(f"{number}.py", b"import numpy\n", named=False) for number in range(500)]
    assert len(list(run_all(lambda job: os.getpid(), [*others, *JOBS[:5]]))) == 505


def depth(levels: int) -> int:
    return 0 if levels == 0 else 1 + depth(levels - 1)


def test_deep_recursion_gets_a_bigger_stack() -> None:
    assert run_deep(lambda: depth(20_000)) == 20_000


def test_endless_recursion_is_told() -> None:
    with pytest.raises(TooDeep):
        run_deep(lambda: depth(10_000_000))


def test_the_limits_are_put_back() -> None:
    before = sys.getrecursionlimit()
    run_deep(lambda: depth(20_000))
    assert sys.getrecursionlimit() == before


def test_other_exceptions_pass() -> None:
    def fail() -> None:
        depth(20_000)
        raise KeyError("x")

    with pytest.raises(KeyError):
        run_deep(fail)
