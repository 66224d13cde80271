"""The report: complete, and read back as it was written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnflip.convert.diagnostics import Diagnostic
from nnflip.convert.outcome import Conversion, Converted, ModelOutcome, StateMove
from nnflip.convert.report.document import BadReport, document, dump, state_maps

MOVES = {"w": StateMove("fc.weight", "transpose"), "b": StateMove("fc.bias"), "child.*": StateMove("child.*")}


def conversion(name: str = "Net", moves: dict[str, StateMove] | None = None) -> Conversion:
    model = ModelOutcome(
        name=name,
        line=3,
        style_before="functional",
        style_after="module",
        converted=(Converted(7, "F.linear → self.fc"),),
        kept=(Diagnostic("NF203", 9, 4, "shared", "F.conv2d(x, self.w)", name),),
        state_map=MOVES if moves is None else moves,
        added=("bn.num_batches_tracked",),
        removed=("old",),
        notes=("a note",),
    )
    return Conversion("a\n", "b\n", (model,), (Diagnostic("NF230", 1, 0, "outside", "F.relu(x)"),))


def test_the_report_says_everything() -> None:
    assert document([("net.py", conversion()), ("bad.py", "bad.py: not Python")]) == {
        "version": 1,
        "files": [
            {
                "path": "net.py",
                "models": [
                    {
                        "name": "Net",
                        "line": 3,
                        "style_before": "functional",
                        "style_after": "module",
                        "converted": [{"line": 7, "what": "F.linear → self.fc"}],
                        "kept": [{"line": 9, "what": "F.conv2d(x, self.w)", "code": "NF203", "reason": "shared"}],
                        "state_map": {
                            "w": {"key": "fc.weight", "transform": "transpose"},
                            "b": "fc.bias",
                            "child.*": "child.*",
                        },
                        "added": ["bn.num_batches_tracked"],
                        "removed": ["old"],
                        "optional": [],
                        "parameter_order": None,
                        "notes": ["a note"],
                    }
                ],
                "converted": [],
                "kept": [{"line": 1, "what": "F.relu(x)", "code": "NF230", "reason": "outside"}],
            },
            {"path": "bad.py", "models": [], "kept": [], "error": "bad.py: not Python"},
        ],
    }


def test_the_state_map_is_read_back() -> None:
    assert state_maps(dump(document([("net.py", conversion())]))) == {"Net": MOVES}


def test_models_of_one_name_are_told_apart_by_their_file() -> None:
    other = {"v": StateMove("w")}
    written = dump(document([("a.py", conversion()), ("b.py", conversion(moves=other))]))
    assert state_maps(written, path="b.py") == {"Net": other}
    with pytest.raises(BadReport, match="several models called Net"):
        state_maps(written)


BROKEN = {
    "not JSON": b"{",
    "not UTF-8": b"\xff\xfe\xfa",
    "a list": b"[]",
    "nothing": b"",
    "no files": b'{"version": 1}',
    "a model without state map": b'{"version": 1, "files": [{"path": "x", "models": [{"name": "N"}]}]}',
    "a strange move": b'{"version": 1, "files": [{"path": "x", "models": [{"name": "N", "state_map": {"a": 1}}]}]}',
    "a strange transform": b'{"version": 1, "files": [{"path": "x", "models": [{"name": "N", "state_map": '
    b'{"a": {"key": "b", "transform": "invert"}}}]}]}',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_what_is_no_report_is_refused(text: bytes) -> None:
    with pytest.raises(BadReport, match="not a report"):
        state_maps(text)


def test_a_report_of_a_later_version_is_refused() -> None:
    with pytest.raises(BadReport, match="version 2"):
        state_maps(json.dumps({"version": 2, "files": []}))


keys = st.text(min_size=1, max_size=12)
moves = st.builds(StateMove, keys, st.sampled_from([None, "transpose"]))


@given(st.dictionaries(keys, moves, max_size=6))
def test_any_state_map_comes_back(state_map: dict[str, StateMove]) -> None:
    assert state_maps(dump(document([("x.py", conversion(moves=state_map))]))) == {"Net": state_map}
