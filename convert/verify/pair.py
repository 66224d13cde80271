"""Verifies one pair of models: build both, pair their state, find inputs, run both in every mode under every seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..outcome import StateMove
from . import divergence
from .compare import mismatches_between, mode_result
from .covered import classes_of_lines
from .launch import Limits
from .layers import aligned, lines_of_a
from .match import Pairing, broken_tie, paired
from .reasons import failure_text, lacking, running_trouble
from .request import BadRequest, Request, input_spec
from .result import MODES, Divergence, ModelVerdict, ModeResult, Verdict
from .sides import Program, Sides
from .traces import Trace, constants, same
from .wire import Message

_INFERENCE_SECONDS = 20.0


@dataclass(frozen=True)
class PairFound:
    """A verdict, with what it may say of other models: classes that ran inside this one."""

    verdict: ModelVerdict
    covered: frozenset[str] = frozenset()
    not_run_alone: bool = False
    died: bool = False
    traces: Mapping[str, tuple[Trace, Trace]] = field(default_factory=dict)


class _Stop(Exception):
    """The pair cannot be run any further; carries what is known."""

    def __init__(self, verdict: Verdict, reason: str, *, not_run_alone: bool = False) -> None:
        super().__init__(reason)
        self.verdict: Verdict = verdict
        self.not_run_alone = not_run_alone


@dataclass(frozen=True)
class Case:
    """One run: its seed, and the descriptions its inputs are drawn from."""

    seed: int
    inputs: list[dict[str, Any]]


@dataclass
class _Runs:
    """What was observed in one mode: answers of A and B per case; the first `alike` cases have inputs of one shape."""

    cases: tuple[Case, ...]
    alike: int
    pairs: list[tuple[Message, Message]] = field(default_factory=list)

    @property
    def traces_same(self) -> bool:
        return all(same(a.body["trace"], b.body["trace"]) for a, b in self.pairs)

    @property
    def proves(self) -> bool:
        """Equal traces stand for every input only if nothing in them came from outside: no reads, no unknown numbers.

        Numbers of unknown origin that are the same under every seed do not depend on the input.
        """
        if any(one.body["reads_host"] for pair in self.pairs for one in pair) or not self.traces_same:
            return False
        first = self.pairs[0][0].body["trace"]
        if not first:
            return False
        others = [a.body["trace"] for a, _ in self.pairs[1 : self.alike]]
        return all(same(first, other) for other in others) and (bool(others) or not constants(first))


@dataclass
class PairCheck:
    """One pair, step by step; `found` is the only door."""

    a: Program
    b: Program
    sides: Sides
    request: Request
    limits: Limits
    names: tuple[str, str]
    loaded: tuple[Message, Message]
    state_map: Mapping[str, StateMove] | None
    used: dict[str, Any] = field(default_factory=dict)
    initial_state: str = ""
    notes: list[str] = field(default_factory=list)

    def found(self) -> PairFound:
        """The verdict. Raises SideFailed when a process died."""
        try:
            built = self._build()
            pairing = self._pair_state(built)
            given = self._inputs(built)
            self._prepare(built, pairing)
            cases = self._cases(given.body)
            runs = {mode: self._run(mode == "train", cases, given.blobs) for mode in MODES}
        except _Stop as stop:
            return PairFound(self._verdict(stop.verdict, str(stop)), not_run_alone=stop.not_run_alone)
        except BadRequest as error:
            return PairFound(self._verdict("inconclusive", str(error)))
        return self._judged(runs, given.blobs)

    def _verdict(self, verdict: Verdict, reason: str, **rest: Any) -> ModelVerdict:
        return ModelVerdict(
            self.names[0],
            verdict,
            reason,
            initial_state=self.initial_state,
            used=dict(self.used),
            notes=tuple(self.notes),
            **rest,
        )

    def _build(self) -> tuple[Message, Message]:
        """Constructs both with the same arguments: given, by the file's convention, or guessed on side A."""
        asked: dict[str, Any] = {"ask": "build", "arguments": self.request.init_args}
        if self.request.init_args is None and "get_init_inputs" in self.loaded[0].body["conventions"]:
            asked["by_convention"] = True
        questions = [{**asked, "model": name} for name in self.names]
        a, b = self.sides.ask_both(questions[0], questions[1])
        guessed = a.body.get("arguments")
        if "failure" not in a.body and guessed is not None and b.body.get("arguments") != guessed:
            b = self.sides.ask("B", {**questions[1], "arguments": guessed})
        ours, theirs = a.body.get("failure"), b.body.get("failure")
        if ours or theirs:
            raise self._construction_stop(ours, theirs)
        self.used["init_args"] = guessed if guessed is not None else "get_init_inputs()"
        return a, b

    def _construction_stop(self, ours: dict[str, Any] | None, theirs: dict[str, Any] | None) -> _Stop:
        missing = lacking(*self.loaded, self.request.backend)
        open_argument = [one for one in (ours, theirs) if one and one["stage"] == "arguments"]
        if open_argument:
            return _Stop("inconclusive", failure_text(open_argument[0]), not_run_alone=True)
        verdict, reason = running_trouble(ours, theirs, missing) or ("inconclusive", "")
        return _Stop(verdict, reason, not_run_alone=verdict == "inconclusive")

    def _pair_state(self, built: tuple[Message, Message]) -> Pairing:
        a, b = built[0].body["state"], built[1].body["state"]
        pairing = paired(a, b, self.state_map)
        if pairing.problem:
            raise _Stop("different" if pairing.lacking else "inconclusive", pairing.problem)
        tie = broken_tie(a, b, pairing)
        if tie:
            raise _Stop("different", tie)
        theirs = {one["key"]: one for one in b}
        ours = {one["key"]: one for one in a}
        alike = all(ours[x]["digest"] == theirs[y]["digest"] for x, y, turned in pairing.pairs if not turned)
        self.initial_state = "identical" if alike else "different"
        self.used["state_map"] = {x: y for x, y, _ in pairing.pairs if x != y}
        return pairing

    def _cases(self, given: dict[str, Any]) -> tuple[tuple[Case, ...], int]:
        """Every seed with the inputs; of three or more the last with another size, else that comes on top."""
        seeds, others = self.request.seeds, given["others"]
        if not others:
            return tuple(Case(seed, given["inputs"]) for seed in seeds), len(seeds)
        plain = seeds[:-1] if len(seeds) > 2 else seeds
        cases = [*(Case(seed, given["inputs"]) for seed in plain), *(Case(seeds[-1], other) for other in others)]
        self.used["other_inputs"] = [[_spelled(spec) for spec in other] for other in others]
        return tuple(cases), len(plain)

    def _inputs(self, built: tuple[Message, Message]) -> Message:
        """Descriptions both sides draw the same inputs from."""
        wanted = built[0].body["forward"]
        if self.request.inputs is not None:
            absent = [name for name in wanted if name not in self.request.inputs]
            if absent:
                raise _Stop("inconclusive", f"no input given for forward's argument {absent[0]!r}")
            specs = [input_spec(text) for text in self.request.inputs.values()]
            self.used["inputs"] = dict(self.request.inputs)
            return Message({"inputs": specs, "others": []})
        question = {"ask": "infer", "seconds": self._seconds(), "conventions": self._input_conventions()}
        answer = self.sides.ask("A", question)
        failure = answer.body.get("failure") or answer.body.get("failure_of_best")
        if failure:
            answer = self._inputs_from_b(failure, question)
        self.used["inputs"] = {
            name: _spelled(spec) for name, spec in zip([*wanted, *["…"] * 9], answer.body["inputs"], strict=False)
        }
        self.used["inputs_by"] = answer.body["by"]
        return answer

    def _input_conventions(self) -> list[str]:
        return [name for name in self.loaded[0].body["conventions"] if name != "get_init_inputs"]

    def _inputs_from_b(self, failure: dict[str, Any], question: dict[str, Any]) -> Message:
        """Nothing ran on A: if nothing runs on B either, nothing is known; if B runs, A is what stops."""
        answer = self.sides.ask("B", {**question, "conventions": []})
        theirs = answer.body.get("failure") or answer.body.get("failure_of_best")
        missing = lacking(*self.loaded, self.request.backend)
        verdict, reason = running_trouble(failure, theirs, missing) or ("inconclusive", "")
        if theirs:
            raise _Stop(verdict, reason, not_run_alone=True)
        return answer

    def _seconds(self) -> float:
        return min(_INFERENCE_SECONDS, self.request.timeout / 3)

    def _prepare(self, built: tuple[Message, Message], pairing: Pairing) -> None:
        """Tells both sides which entry is which, and carries over what cannot be drawn."""
        ours = {one["key"]: one for one in built[0].body["state"]}
        plans: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
        for a_key, b_key, turned in pairing.pairs:
            entry = ours[a_key]
            base = {"name": a_key, "kind": entry["kind"]}
            if "blob" in entry:
                base |= {key: entry[key] for key in ("blob", "dtype", "shape")}
            plans[0].append({**base, "key": a_key, "transposed": False})
            plans[1].append({**base, "key": b_key, "transposed": turned})
        asked = [{"ask": "prepare", "plan": plan} for plan in plans]
        self.sides.ask_both(asked[0], asked[1], built[0].blobs)

    def _run(self, training: bool, cases: tuple[tuple[Case, ...], int], blobs: tuple[bytes, ...]) -> _Runs:
        runs = _Runs(*cases)
        for case in runs.cases:
            a, b = self.sides.ask_both(_observe(training, case, digests=self.request.digests), blobs=blobs)
            missing = lacking(*self.loaded, self.request.backend)
            trouble = running_trouble(a.body.get("failure"), b.body.get("failure"), missing)
            if trouble is not None:
                raise _Stop(*trouble)
            runs.pairs.append((a, b))
        return runs

    def _judged(self, runs: Mapping[str, _Runs], blobs: tuple[bytes, ...]) -> PairFound:
        results = {
            mode: mode_result(run.pairs, "identical" if run.traces_same else "different") for mode, run in runs.items()
        }
        verdict, reason = self._conclusion(runs, results)
        rest: dict[str, Any] = {**results}
        if verdict == "different":
            rest["first_divergence"] = self._divergence(runs, blobs)
        covered = _covered(self.a, 0, runs) & _covered(self.b, 1, runs)
        traces = {mode: (run.pairs[0][0].body["trace"], run.pairs[0][1].body["trace"]) for mode, run in runs.items()}
        return PairFound(self._verdict(verdict, reason, **rest), covered, traces=traces)

    def _conclusion(self, runs: Mapping[str, _Runs], results: Mapping[str, ModeResult]) -> tuple[Verdict, str]:
        mismatches = [(mode, one) for mode, result in results.items() for one in result.mismatches]
        if any(not one.close for _, one in mismatches):
            modes = sorted({mode for mode, one in mismatches if not one.close}, reverse=True)
            return "different", f"in {' and '.join(modes)}" + (" only" if len(modes) == 1 else "")
        if mismatches and not self.request.close_ok:
            return "different", "close, but not bit for bit"
        entries = [entry for run in runs.values() for a, _ in run.pairs for entry in a.body["entries"]]
        if any("opaque" in entry for entry in entries):
            return "inconclusive", "an output is of a kind that cannot be compared"
        if not any("blob" in entry and entry["section"] == "output" for entry in entries):
            return "inconclusive", "the model returned no tensor"
        if mismatches:
            return "equal", "close by the rule of torch.testing.assert_close, not bit for bit"
        return ("proven", "") if all(run.proves for run in runs.values()) else ("equal", "")

    def _divergence(self, runs: Mapping[str, _Runs], blobs: tuple[bytes, ...]) -> Divergence | None:
        """Runs the first case that differs once more, with every intermediate result noted."""
        for mode, run in runs.items():
            for case, (a, b) in zip(run.cases, run.pairs, strict=True):
                if mismatches_between(a, b):
                    again = _observe(mode == "train", case, digests=True)
                    return divergence.first(self.sides, again, blobs, mode, _lines_beside(runs, mode))
        return None


def _observe(training: bool, case: Case, *, digests: bool) -> dict[str, Any]:
    body = {"ask": "observe", "training": training, "seed": case.seed, "inputs": case.inputs}
    return {**body, "trace": True, "digests": digests}


def _lines_beside(runs: Mapping[str, _Runs], mode: str) -> dict[int, int]:
    """Lines of A by lines of B, from the mode that is not looked at."""
    other = next(one for one in runs if one != mode)
    a, b = runs[other].pairs[0]
    return lines_of_a(aligned(a.body["trace"], b.body["trace"]))


def _covered(program: Program, side: int, runs: Mapping[str, _Runs]) -> frozenset[str]:
    """Classes that ran in every mode."""
    ran = [
        classes_of_lines(program.text, (call["line"] for call in run.pairs[0][side].body["trace"]))
        for run in runs.values()
    ]
    return frozenset.intersection(*ran)


def _spelled(spec: dict[str, Any]) -> str:
    """A description as the user would write it on the command line."""
    if "literal" in spec:
        return repr(spec["literal"])
    text = f"{spec['dtype']}[{','.join(map(str, spec['shape']))}]"
    return f"{text}<{int(spec['high'])}" if spec["dtype"].startswith("int") and "high" in spec else text
