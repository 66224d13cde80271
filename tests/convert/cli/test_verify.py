"""`nnflip verify`, `diff A B` and `convert --verify`: verdicts told, and exit codes that follow from them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnflip.convert.outcome import StateMove
from nnflip.convert.verify.layers import aligned
from nnflip.convert.verify.pair import PairFound
from nnflip.convert.verify.result import Divergence, Mismatch, ModelVerdict, ModeResult, Verdict, VerifyResult
from nnflip.convert.verify.session import Task

Runner = Callable[..., Any]
SAME = ModeResult("identical", "identical", "absent", "identical")
APART = ModeResult("different", "identical", "absent", "different", (Mismatch("output", "output", False, 2.5),))


class Verifier:
    """Stands in for the verification: keeps what it was asked, and gives the verdict it was told to."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.verdict: Verdict = "proven"

    def __call__(self, task: Task) -> VerifyResult:
        self.tasks.append(task)
        if self.verdict == "inconclusive":
            return VerifyResult("inconclusive", (), "numpy", "A does not end within 60 s")
        parted = self.verdict == "different"
        model = ModelVerdict(
            "Net",
            self.verdict,
            train=SAME,
            eval=APART if parted else SAME,
            first_divergence=Divergence(2, 3, "dropout draws on one side only", 2.5, "eval") if parted else None,
        )
        return VerifyResult(self.verdict, (model,), "numpy")

    def with_traces(self, task: Task) -> tuple[VerifyResult, list[PairFound]]:
        """The verdict, and the operations of the one model."""
        result = self(task)
        ours = [call("dropout", 2, "one"), call("linear", 2, "two")]
        rows = {"train": aligned(ours, ours), "eval": aligned(ours, ours[1:])}
        return result, [PairFound(model, rows=rows) for model in result.models]


def call(op: str, line: int, digest: str) -> dict[str, Any]:
    """One entry of a trace."""
    output = {"shape": [2, 4], "digest": digest}
    return {"op": op, "line": line, "inputs": [], "static": {}, "outputs": [output]}


@pytest.fixture
def verifier(monkeypatch: pytest.MonkeyPatch) -> Verifier:
    fake = Verifier()
    # The door takes its names from the session on import: patched the other way round, it would keep the fake for good.
    monkeypatch.setattr("nnflip.convert.verify.door.verify", fake)
    monkeypatch.setattr("nnflip.convert.verify.door.verify_with_traces", fake.with_traces)
    monkeypatch.setattr("nnflip.convert.verify.session.verify", fake)
    return fake


@pytest.fixture(autouse=True)
def versions(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import torch\ny = dropout(x)\n")
    (tmp_path / "b.py").write_text("import torch\n\n    y = self.dropout(x)\n".replace("    ", ""))


@pytest.mark.parametrize(("verdict", "code"), [("proven", 0), ("equal", 0), ("different", 1), ("inconclusive", 3)])
@pytest.mark.parametrize("command", ["verify", "diff"])
def test_the_verdict_is_the_exit_code(
    nnflip_run: Runner, verifier: Verifier, command: str, verdict: Verdict, code: int
) -> None:
    verifier.verdict = verdict
    done = nnflip_run(command, "a.py", "b.py")
    assert done.code == code
    assert f"verdict: {verdict} on numpy".encode() in done.out


def test_the_first_divergence_is_quoted_from_both_files(nnflip_run: Runner, verifier: Verifier) -> None:
    verifier.verdict = "different"
    assert nnflip_run("verify", "a.py", "b.py").out.decode().splitlines() == [
        "Net  different",
        "  train  outputs identical, gradients identical, trace identical",
        "  eval   outputs different, gradients identical, trace different",
        "         output differs by up to 2.5",
        "  first divergence in eval: dropout draws on one side only, by up to 2.5",
        "    a.py:2  y = dropout(x)",
        "    b.py:3  y = self.dropout(x)",
        "verdict: different on numpy: they do not compute the same",
    ]


def test_diff_lays_the_operations_side_by_side(nnflip_run: Runner, verifier: Verifier) -> None:
    verifier.verdict = "different"
    lines = nnflip_run("diff", "a.py", "b.py").out.decode().splitlines()
    assert [line.split() for line in lines if line.startswith("  -")] == [
        ["-", "2", "dropout", "2×4", "is", "in", "A", "only"]
    ]
    assert lines[-4:] == [
        "  first divergence in eval: dropout draws on one side only, by up to 2.5",
        "    a.py:2  y = dropout(x)",
        "    b.py:3  y = self.dropout(x)",
        "verdict: different on numpy: they do not compute the same",
    ]
    read = json.loads(nnflip_run("diff", "a.py", "b.py", "--json").out)
    assert [row["mark"] for row in read["models"][0]["modes"]["eval"]["rows"]] == ["-", "="]


def test_why_it_is_inconclusive_is_said(nnflip_run: Runner, verifier: Verifier) -> None:
    verifier.verdict = "inconclusive"
    assert b"(A does not end within 60 s)" in nnflip_run("verify", "a.py", "b.py").out


def test_json_is_the_whole_result(nnflip_run: Runner, verifier: Verifier) -> None:
    verifier.verdict = "different"
    read = json.loads(nnflip_run("verify", "a.py", "b.py", "--json").out)
    assert (read["version"], read["verdict"]) == (1, "different")
    assert read["models"][0]["first_divergence"]["b_line"] == 3


def test_what_the_user_gives_reaches_the_verification(nnflip_run: Runner, verifier: Verifier, tmp_path: Path) -> None:
    report = {"version": 1, "files": [{"path": "a.py", "models": [{"name": "Net", "state_map": {"w": "fc.weight"}}]}]}
    (tmp_path / "r.json").write_text(json.dumps(report))
    (tmp_path / "a.py").write_text("import torch\nclass Net: ...\n")
    given = ["--seed", 5, "--seed", 6, "--input", "x=float32[2,3]", "--init-args", "n=10", "--init-args", "kind=big"]
    assert (
        nnflip_run("verify", "a.py", "b.py", "--map", "r.json", "--model", "Net=Net2", "--timeout", 9, *given).code == 0
    )
    (task,) = verifier.tasks
    request = task.request
    assert (request.seeds, request.inputs, request.timeout) == ((5, 6), {"x": "float32[2,3]"}, 9)
    assert (request.init_args, request.models) == ({"n": 10, "kind": "big"}, {"Net": "Net2"})
    assert task.state_maps == {"Net": {"w": StateMove("fc.weight")}}
    assert task.a.text == "import torch\nclass Net: ...\n"


def test_how_an_input_is_written_is_said_where_a_list_stops_the_model(nnflip_run: Runner, tmp_path: Path) -> None:
    head = "import torch.nn as nn\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    body = "        self.fc = nn.Linear(3, 2)\n\n    def forward(self, x):\n        return self.fc(x)\n"
    (tmp_path / "net.py").write_text(head + body)
    done = nnflip_run("verify", "net.py", "--to", "functional", "--input", "x=2,3")
    assert done.code == 3
    assert b"a tensor is written x=float32[2,3]" in done.out
    assert nnflip_run("verify", "net.py", "--to", "functional", "--input", "x=float32[2,3]").code == 0


@pytest.mark.usefixtures("engine")
def test_one_file_is_verified_against_its_own_conversion(nnflip_run: Runner, verifier: Verifier, net: Path) -> None:
    assert nnflip_run("verify", net, "--to", "module").code == 0
    (task,) = verifier.tasks
    assert (task.a.text, task.b.text) == ("import torch\nold = 1  # café\n", "import torch\nnew = 1  # café\n")
    assert task.state_maps == {"Net": {"w": StateMove("fc.weight", "transpose"), "b": StateMove("b")}}


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("verdict", "code", "written"), [("proven", 0, True), ("inconclusive", 3, True), ("different", 2, False)]
)
def test_convert_verifies_before_it_writes(
    nnflip_run: Runner, verifier: Verifier, net: Path, verdict: Verdict, code: int, written: bool
) -> None:
    before = net.read_bytes()
    verifier.verdict = verdict
    done = nnflip_run("convert", net, "--to", "module", "--verify", "--write")
    assert done.code == code
    assert (net.read_bytes() != before) is written
    assert ("behaves differently" in done.err) is not written


@pytest.mark.usefixtures("engine")
def test_a_fix_may_change_behaviour(nnflip_run: Runner, verifier: Verifier, net: Path) -> None:
    verifier.verdict = "different"
    done = nnflip_run("convert", net, "--to", "module", "--verify", "--fix", "dropout", "--write")
    assert done.code == 1
    assert b"new" in net.read_bytes()


MISUSES = {
    "one file, no style": (("verify", "a.py"), "give a second file, or --to"),
    "two files and a style": (("verify", "a.py", "b.py", "--to", "module"), "give a second file, or --to"),
    "diff of two with a style": (("diff", "a.py", "b.py", "--to", "module"), "--to goes with one path"),
    "no such file": (("verify", "a.py", "gone.py"), "error: gone.py: no such file"),
    "a directory": (("verify", "a.py", "."), "error: .: is a directory"),
    "not python": (("verify", "a.py", "bad.py"), "error: bad.py:1: NF101 not-python"),
    "no such report": (("verify", "a.py", "b.py", "--map", "gone.json"), "error: gone.json: no such file"),
    "not a report": (("verify", "a.py", "b.py", "--map", "a.py"), "error: a.py: not a report"),
    "mistyped backend": (("verify", "a.py", "b.py", "--backend", "nunpy"), "did you mean 'numpy'?"),
    "mistyped dtype": (("verify", "a.py", "b.py", "--input", "x=flot32[2]"), "'flot32' is no dtype"),
    "input without a name": (("verify", "a.py", "b.py", "--input", "float32[2]"), "write it as x=float32[2,3,32,32]"),
}


@pytest.mark.parametrize(("argv", "said"), MISUSES.values(), ids=MISUSES)
def test_a_misuse_is_told_and_exits_2(
    nnflip_run: Runner, verifier: Verifier, tmp_path: Path, argv: tuple[str, ...], said: str
) -> None:
    (tmp_path / "bad.py").write_text("x = = 1\n")
    done = nnflip_run(*argv)
    assert done.code == 2
    assert said in " ".join(done.err.replace("│", " ").split())
    assert verifier.tasks == []
