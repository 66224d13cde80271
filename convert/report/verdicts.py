"""What `verify` and `diff A B` print: the verdict on each model, mode by mode, and where two versions first part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..verify.result import MODES, Divergence, ModelVerdict, ModeResult, VerifyResult
from .paint import Paint, clean

_STYLES = {"proven": "green", "equal": "green", "different": "red", "inconclusive": "yellow"}
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
    """The whole answer, line by line."""
    for model in result.models:
        yield from _model(model, a, b, paint)
    said = paint(result.verdict, _STYLES[result.verdict])
    reason = f" ({clean(result.reason)})" if result.reason else ""
    yield f"{paint.bold('verdict')}: {said} on {result.backend}: {_MEANINGS[result.verdict]}{reason}"


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
        for mismatch in seen.mismatches:
            if not mismatch.close:
                by = "" if mismatch.max_abs is None else f" by up to {mismatch.max_abs:.3g}"
                yield f"         {clean(mismatch.what)} differs{by}"
    if model.first_divergence is not None:
        yield from _divergence(model.first_divergence, a, b)
    for note in model.notes:
        yield f"  note: {clean(note)}"


def _divergence(found: Divergence, a: Version, b: Version) -> Iterator[str]:
    mode = f" in {found.mode}" if found.mode else ""
    by = "" if found.max_abs is None else f", by up to {found.max_abs:.3g}"
    yield f"  first divergence{mode}: {clean(found.what)}{by}"
    yield f"    {a.quote(found.a_line)}"
    yield f"    {b.quote(found.b_line)}"
