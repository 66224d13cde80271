"""Verifies one pair of models: build both, pair their state, find inputs, run both in every mode under every seed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..outcome import StateMove
from .advice import about_arguments, about_inputs
from .by_use import pairs_by_use
from .compare import mode_result
from .initial import compared
from .judge import conclusion, covered, first_divergence, laid_side_by_side
from .layers import Row
from .literals import packed, unpacked
from .match import Pairing, broken_tie, paired
from .reasons import failure_text, lacking, running_trouble
from .request import BadRequest, Request, input_spec, list_for_tensor, pinned, spelled
from .result import MODES, ModelVerdict, Verdict
from .runs import Runs, cases, observe
from .sides import Program, Sides
from .wire import Message

_INFERENCE_SECONDS = 20.0
_TRAIN_SHARE, _EVAL_SHARE = 0.6, 0.8  # of the time that is left: training runs two steps, and the judgement one more


@dataclass(frozen=True)
class PairFound:
    """A verdict, with what it may say of other models: classes that ran inside this one.

    `advice` is what the user may write, where the verdict is left to stand.
    """

    verdict: ModelVerdict
    covered: frozenset[str] = frozenset()
    not_run_alone: bool = False
    died: bool = False
    advice: str = ""
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)


class _Stop(Exception):
    """The pair cannot be run any further; carries what is known."""

    def __init__(self, verdict: Verdict, reason: str, code: str, *, not_run_alone: bool = False) -> None:
        super().__init__(reason)
        self.verdict: Verdict = verdict
        self.code = code
        self.not_run_alone = not_run_alone


@dataclass
class PairCheck:
    """One pair, step by step; `found` is the only door. `until` is when it should come to its end."""

    a: Program
    b: Program
    sides: Sides
    request: Request
    until: float
    names: tuple[str, str]
    loaded: tuple[Message, Message]
    state_map: Mapping[str, StateMove] | None
    class_maps: Mapping[str, Mapping[str, StateMove]] = field(default_factory=dict)
    used: dict[str, Any] = field(default_factory=dict)
    hint: str = ""
    took: float = 0.0
    advice: str = ""
    initial_state: str = ""
    notes: list[str] = field(default_factory=list)

    def found(self) -> PairFound:
        """The verdict. Raises SideFailed when a process died."""
        start = time.monotonic()
        try:
            return self._found()
        finally:
            self.took = time.monotonic() - start

    def _found(self) -> PairFound:
        self.notes += self.loaded[0].body.get("left_out", ())
        try:
            built, pairing, given = self._begun()
            if pairing.problem:
                pairing = self._pairing(built, self._by_use(given))
            self._describe_state(built, pairing)
            self._prepare(built, pairing)
            planned = cases(self.request, given.body, built[0].body["state"], self.used)
            runs = {mode: self._run(mode == "train", planned, given.blobs) for mode in MODES}
        except _Stop as stop:
            found = self._verdict(stop.verdict, str(stop), stop.code)
            advice = self.advice if stop.verdict == "inconclusive" else ""
            return PairFound(found, not_run_alone=stop.not_run_alone, advice=advice)
        except BadRequest as error:
            return PairFound(self._verdict("inconclusive", str(error), "NF413"))
        return self._judged(runs, given.blobs)

    @property
    def is_guessed(self) -> bool:
        """Whether nobody said how the model is built."""
        told = self.request.init_args is not None or "get_init_inputs" in self.loaded[0].body["conventions"]
        return not told and pinned(Path(self.a.path), self.names[0]).init_args is None

    def found_with(self, changed: Mapping[str, Any]) -> PairFound | None:
        """What one seed shows of both with some arguments changed; None where A does not run so."""
        questions = [{"ask": "build", "model": name, "changed": dict(changed)} for name in self.names]
        built = self.sides.ask_both(questions[0], questions[1])
        ours, theirs = (side.body.get("failure") for side in built)
        kept = dict(self.used)
        try:
            if ours or theirs:
                raise self._construction_stop(ours, theirs, guessed=True)
            pairing = self._pairing(built)
            if pairing.problem:
                return None
            given = self._inputs(built)
            self._prepare(built, pairing)
            once = replace(self.request, seeds=self.request.seeds[:1])
            planned = cases(once, {**given.body, "others": []}, built[0].body["state"], {})
            runs = {mode: self._run(mode == "train", planned, given.blobs) for mode in MODES}
        except _Stop as stop:
            different = stop.verdict == "different"
            return PairFound(self._verdict(stop.verdict, str(stop), stop.code)) if different else None
        except BadRequest:
            return None
        finally:
            self.used = kept
        return self._judged(runs, given.blobs)

    def _verdict(self, verdict: Verdict, reason: str, code: str, **rest: Any) -> ModelVerdict:
        return ModelVerdict(
            self.names[0],
            verdict,
            reason,
            initial_state=self.initial_state,
            used=dict(self.used),
            notes=tuple(self.notes),
            code=code,
            **rest,
        )

    def _begun(self) -> tuple[tuple[Message, Message], Pairing, Message]:
        """Both built, their state paired, and inputs; arguments that were guessed and take no input give way to others.

        Where none does, the first trouble is told.
        """
        first: _Stop | None = None
        skip = 0
        while True:
            following = 0
            try:
                built = self._build(skip)
                following = built[0].body["next"]
                pairing = self._pairing(built)
                return built, pairing, self._inputs(built)
            except _Stop as stop:
                first = first or stop
                if not (following and stop.not_run_alone):
                    raise first from None
            skip = following

    def _build(self, skip: int) -> tuple[Message, Message]:
        """Constructs both with the same arguments: given, by the file's convention, or guessed on side A.

        The first `skip` guesses are left out.
        """
        asked: dict[str, Any] = {"ask": "build", "arguments": _arguments(self.request.init_args), "skip": skip}
        if self.request.init_args is None and "get_init_inputs" in self.loaded[0].body["conventions"]:
            asked["by_convention"] = True
        elif self.request.init_args is None:
            asked["arguments"] = _arguments(pinned(Path(self.a.path), self.names[0]).init_args)
        questions = [{**asked, "model": name} for name in self.names]
        a, b = self.sides.ask_both(questions[0], questions[1])
        guessed = a.body.get("arguments")
        if "failure" not in a.body and guessed is not None and b.body.get("arguments") != guessed:
            b = self.sides.ask("B", {**questions[1], "arguments": guessed})
        ours, theirs = a.body.get("failure"), b.body.get("failure")
        if ours or theirs:
            self.advice = about_arguments(self.names, ours or theirs or {})
            chosen = asked.get("by_convention") or asked.get("arguments") is not None
            if theirs and not ours and not chosen and guessed is None:  # what A was built with cannot be handed to B
                said = f"B cannot be built with what was guessed for it alone: {failure_text(theirs)}: give --init-args"
                raise _Stop("inconclusive", said, "NF412", not_run_alone=True)
            raise self._construction_stop(ours, theirs, guessed=not chosen)
        built = a.body["built"]
        if guessed is None and built != b.body["built"]:
            said = f"the files build the model with other arguments: {built} in A, {b.body['built']} in B"
            raise _Stop("inconclusive", said, "NF412", not_run_alone=True)
        self.used["init_args"] = unpacked(guessed) if guessed is not None else built or "get_init_inputs()"
        return a, b

    def _construction_stop(self, ours: dict[str, Any] | None, theirs: dict[str, Any] | None, *, guessed: bool) -> _Stop:
        missing = lacking(*self.loaded, self.request.backend)
        open_argument = [one for one in (ours, theirs) if one and one["stage"] == "arguments"]
        if open_argument:
            return _Stop("inconclusive", failure_text(open_argument[0]), "NF412", not_run_alone=True)
        if guessed and ours and not theirs:  # the guess was bad: A itself cannot be built so
            said = f"A cannot be built with the arguments that were guessed: {failure_text(ours)}: give --init-args"
            return _Stop("inconclusive", said, "NF412", not_run_alone=True)
        verdict, reason, code = running_trouble(ours, theirs, missing) or ("inconclusive", "", "NF410")
        return _Stop(verdict, reason, code, not_run_alone=verdict == "inconclusive")

    def _pairing(self, built: tuple[Message, Message], by_use: Mapping[str, str] | None = None) -> Pairing:
        """Which state is which; a problem that is left is one that the uses of the state may still solve."""
        a, b = built[0].body["state"], built[1].body["state"]
        pairing = paired(a, b, self.state_map, by_use, self.class_maps)
        solvable = by_use is None and self.state_map is None
        if pairing.problem and (pairing.lacking or not solvable):
            raise _no_pairing(pairing)
        tie = None if pairing.problem else broken_tie(a, b, pairing)
        if tie:
            raise _Stop("different", tie, "NF405")
        return pairing

    def _by_use(self, given: Message) -> dict[str, str]:
        """Runs both once, each with its own state, to see where what is used."""
        asked = {"ask": "uses", "inputs": given.body["inputs"], "seed": self.request.seeds[0]}
        a, b = self.sides.ask_both(asked, blobs=given.blobs)
        if "failure" in a.body or "failure" in b.body:
            return {}
        self.notes.append("state paired by the order of its use")
        return pairs_by_use(a.body["trace"], b.body["trace"])

    def _describe_state(self, built: tuple[Message, Message], pairing: Pairing) -> None:
        self.initial_state = compared(self.sides, built, pairing.pairs)
        self.used["state_map"] = {x: y for x, y, _ in pairing.pairs if x != y}

    def _inputs(self, built: tuple[Message, Message]) -> Message:
        """Descriptions both sides draw the same inputs from."""
        wanted = built[0].body["forward"]
        conventions = [name for name in self.loaded[0].body["conventions"] if name != "get_init_inputs"]
        inputs = self.request.inputs
        if inputs is None and not conventions:
            inputs = pinned(Path(self.a.path), self.names[0]).inputs
        if inputs is not None:
            return self._given(inputs, wanted)
        question = {"ask": "infer", "seconds": self._seconds(), "conventions": conventions, "wanted": wanted}
        answer = self.sides.ask("A", question)
        failure = answer.body.get("failure") or answer.body.get("failure_of_best")
        if failure:
            answer = self._inputs_from_b(failure, question)
        self.used["inputs"] = {
            name: spelled(spec) for name, spec in zip([*wanted, *["…"] * 9], answer.body["inputs"], strict=False)
        }
        self.used["inputs_by"] = answer.body["by"]
        return answer

    def _given(self, inputs: Mapping[str, str], wanted: list[str]) -> Message:
        """Inputs as the user wrote them, in the order of forward's arguments."""
        absent = [name for name in wanted if name not in inputs]
        if absent:
            given = f"; given were {', '.join(inputs)}" if inputs else ""
            raise _Stop("inconclusive", f"no input given for forward's argument {absent[0]!r}{given}", "NF413")
        self.used["inputs"] = dict(inputs)
        self.hint = list_for_tensor(inputs)
        ordered = [*wanted, *(name for name in inputs if name not in wanted)]
        return Message({"inputs": [input_spec(inputs[name]) for name in ordered], "others": []})

    def _inputs_from_b(self, failure: dict[str, Any], question: dict[str, Any]) -> Message:
        """Nothing ran on A: if nothing runs on B either, nothing is known; if B runs, A is what stops."""
        answer = self.sides.ask("B", {**question, "conventions": []})
        theirs = answer.body.get("failure") or answer.body.get("failure_of_best")
        missing = lacking(*self.loaded, self.request.backend)
        verdict, reason, code = running_trouble(failure, theirs, missing) or ("inconclusive", "", "NF410")
        if theirs:
            self.advice = about_inputs(self.names, question["wanted"], answer.body["inputs"])
            raise _Stop(verdict, reason, code, not_run_alone=True)
        return answer

    def _seconds(self) -> float:
        return min(_INFERENCE_SECONDS, (self.until - time.monotonic()) / 3)

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

    def _run(self, training: bool, planned: Runs, blobs: tuple[bytes, ...]) -> Runs:
        missing = lacking(*self.loaded, self.request.backend)
        now = time.monotonic()
        until = now + (_TRAIN_SHARE if training else _EVAL_SHARE) * (self.until - now)
        runs, trouble = observe(
            self.sides,
            planned,
            training=training,
            digests=self.request.digests,
            blobs=blobs,
            missing=missing,
            until=until,
            close_ok=self.request.close_ok,
        )
        self.notes += [note for note in runs.notes if note not in self.notes]
        if trouble is not None:
            verdict, reason, code = trouble
            hint = self.hint if code == "NF410" else ""
            raise _Stop(verdict, f"{reason}; {hint}" if hint else reason, code)
        return runs

    def _judged(self, runs: Mapping[str, Runs], blobs: tuple[bytes, ...]) -> PairFound:
        results = {
            mode: mode_result([a.body for a, _ in run.pairs], run.mismatches, traces_same=run.traces_same)
            for mode, run in runs.items()
        }
        verdict, reason, code = conclusion(runs, results, close_ok=self.request.close_ok)
        rest: dict[str, Any] = {**results}
        if verdict == "different":
            rest["first_divergence"] = first_divergence(self.sides, runs, blobs)
        rows = laid_side_by_side(self.sides, runs, blobs) if self.request.digests else {}
        return PairFound(self._verdict(verdict, reason, code, **rest), covered(self.a, self.b, runs), rows=rows)


def _arguments(given: Mapping[str, Any] | None) -> Any:
    """Arguments of a constructor for the channel; raises BadRequest."""
    try:
        return None if given is None else packed(dict(given))
    except TypeError as error:
        raise BadRequest(f"the constructor's arguments {sorted(given or ())}: {error}") from None


def _no_pairing(pairing: Pairing) -> _Stop:
    if pairing.lacking:
        return _Stop("different", pairing.problem, "NF404")
    return _Stop("inconclusive", pairing.problem, "NF414" if pairing.fits_map else "NF420")
