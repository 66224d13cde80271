"""What `verify` and `diff A B` print: the verdict on each model, mode by mode, and where two versions first part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..verify.layers import LayerDiff, rendered
from ..verify.result import MODES, Divergence, ModelVerdict, ModeResult, VerifyResult
from .paint import Paint, clean

_STYLES = {"proven": "green", "equal": "green", "different": "red", "inconclusive": "yellow"}
_MARKS = {"~": "dim", "≠": "red", "-": "red", "+": "green"}
_MEANINGS = {
    "proven": "both do the same operations on the same values, and the numbers agree",
    "equal": "the numbers agree",
    "different": "they do not compute the same",
    "inconclusive": "could not be decided",
}


@dataclass(frozen=True)
class Version:
    """One of the two files: its name and its lines, to quote from."""

    name: str
    lines: Sequence[str]

    def quote(self, line: int | None) -> str:
        """`net.py:14  x = F.dropout(x)`, or that the line is not known."""
        if line is None or not 0 < line <= len(self.lines):
            return f"{self.name}: no such operation"
        return f"{self.name}:{line}  {clean(self.lines[line - 1].strip())}"


def verdict_lines(result: VerifyResult, a: Version, b: Version, paint: Paint) -> Iterator[str]:
    """The whole answer of `verify`, line by line."""
    for model in result.models:
        yield from _model(model, a, b, paint)
    yield _conclusion(result, paint)


def layer_lines(
    result: VerifyResult, layers: Iterable[LayerDiff], a: Version, b: Version, paint: Paint
) -> Iterator[str]:
    """The whole answer of `diff A B`: the operations side by side, then where they part, then the verdict."""
    for layer in layers:
        yield from (_marked(line, paint) for line in rendered(layer).split("\n"))
        yield from _details(layer.verdict, a, b)
    yield _conclusion(result, paint)


def _marked(line: str, paint: Paint) -> str:
    """A row of the table in the colour of its mark."""
    return paint(line, _MARKS[line[2]]) if line[2:3] in _MARKS and line.startswith("  ") else clean(line)


def _conclusion(result: VerifyResult, paint: Paint) -> str:
    said = paint(result.verdict, _STYLES[result.verdict])
    reason = f" ({clean(result.reason)})" if result.reason else ""
    if result.close:
        reason = " up to rounding: close, not bit for bit"
    return f"{paint.bold('verdict')}: {said} on {result.backend}: {_MEANINGS[result.verdict]}{reason}"


def _model(model: ModelVerdict, a: Version, b: Version, paint: Paint) -> Iterator[str]:
    yield f"{paint.bold(model.name)}  {paint(model.verdict, _STYLES[model.verdict])}"
    if model.reason:
        yield f"  {clean(model.reason)}"
    for mode in MODES:
        seen: ModeResult = getattr(model, mode)
        kinds = [(kind, getattr(seen, kind)) for kind in ("outputs", "gradients", "buffers", "trace")]
        told = [f"{kind} {paint(found, 'red') if found == 'different' else found}" for kind, found in kinds]
        if any(found != "absent" for _, found in kinds):
            yield f"  {mode:<5}  {', '.join(text for text in told if not text.endswith('absent'))}"
        yield from _mismatches(seen)
    yield from _details(model, a, b)


def _mismatches(seen: ModeResult) -> Iterator[str]:
    for mismatch in seen.mismatches:
        if not mismatch.close:
            by = "" if mismatch.max_abs is None else f" by up to {mismatch.max_abs:.3g}"
            yield f"         {clean(mismatch.what)} differs{by}"


def _details(model: ModelVerdict, a: Version, b: Version) -> Iterator[str]:
    if model.first_divergence is not None:
        yield from _divergence(model.first_divergence, a, b)
    for note in model.notes:
        yield f"  note: {clean(note)}"


def _divergence(found: Divergence, a: Version, b: Version) -> Iterator[str]:
    mode = f" in {found.mode}" if found.mode else ""
    by = "" if found.max_abs is None else f", by up to {found.max_abs:.3g}"
    yield f"  first divergence{mode}: {clean(found.what)}{by}"
    if found.guess:
        yield f"    likely cause: {clean(found.guess)}"
    yield f"    {a.quote(found.a_line)}"
    yield f"    {b.quote(found.b_line)}"
