"""The page of `nnflip diff A B --html`: one file that needs no network; sources, operations, a plot, the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from ..verify.layers import LayerDiff, Row
from ..verify.result import MODES, VerifyResult
from .diff_plot import plot
from .verdicts import Version

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --equal: #1a7f37; --close: #9a6700; --different: #cf222e; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem auto; max-width: 82rem; padding: 0 1rem; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } h3 { font-size: 1rem; }
.verdict { font-weight: 600; } .proven, .equal { color: var(--equal); } .close, .inconclusive { color: var(--close); }
.different { color: var(--different); }
.note { border-left: 3px solid var(--different); padding: .3rem .8rem; margin: .8rem 0; }
table { border-collapse: collapse; font-size: 13px; } td, th { padding: .15rem .6rem; text-align: left; }
th { border-bottom: 1px solid var(--line); } td.n { text-align: right; font-variant-numeric: tabular-nums; }
.sources { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
pre { margin: 0; overflow-x: auto; font: 12.5px/1.5 ui-monospace, monospace; border: 1px solid var(--line); }
pre a { display: block; color: inherit; text-decoration: none; white-space: pre; padding: 0 .5rem; min-height: 1.5em; }
pre a b { display: inline-block; width: 3em; color: #888; font-weight: 400; user-select: none; }
.same { background: #1a7f3718; } .other { background: #9a670022; } .part { background: #cf222e2e; }
a:target, .lit { outline: 2px solid #0969da; outline-offset: -2px; }
svg { max-width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: currentColor; }
@media (max-width: 50rem) { .sources { grid-template-columns: minmax(0, 1fr); } }
"""
_SCRIPT = """
for (const one of document.querySelectorAll('[data-pair]')) {
  const all = document.querySelectorAll('[data-pair="' + CSS.escape(one.dataset.pair) + '"]');
  one.addEventListener('mouseenter', () => all.forEach(each => each.classList.add('lit')));
  one.addEventListener('mouseleave', () => all.forEach(each => each.classList.remove('lit')));
}
"""
_CLASSES = {"=": "same", "~": "other", "≠": "part", "-": "part", "+": "part"}
_GRAVER = ("same", "other", "part")


def page(result: VerifyResult, layers: Sequence[LayerDiff], a: Version, b: Version) -> str:
    """The whole document."""
    reason = result.reason or ("close, not bit for bit" if result.close else "")
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        "script-src 'unsafe-inline'\">",
        f"<title>{escape(result.verdict)}: {escape(a.name)} = {escape(b.name)}</title>",
        f"<style>{_STYLE}</style></head><body>",
        f"<h1>{escape(a.name)} and {escape(b.name)}</h1>",
        f'<p>Verdict on {escape(result.backend)}: <span class="verdict {result.verdict}">{result.verdict}</span>'
        f"{f' ({escape(reason)})' if reason else ''}</p>",
        *(part for layer in layers for part in _model(layer, a, b)),
        f"<h2>Sources</h2>{_sources(layers, a, b)}",
        f"<script>{_SCRIPT}</script></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _model(layer: LayerDiff, a: Version, b: Version) -> Iterator[str]:
    verdict = layer.verdict
    reason = " ".join(part for part in (verdict.code, verdict.reason) if part)
    yield f'<h2>{escape(verdict.name)}: <span class="verdict {verdict.verdict}">{verdict.verdict}</span></h2>'
    if reason:
        yield f"<p>{escape(reason)}</p>"
    first = verdict.first_divergence
    if first is not None:
        cause = f"<br>Likely cause: <b>{escape(first.guess)}</b>" if first.guess else ""
        by = "" if first.max_abs is None else f", by up to {first.max_abs:.3g}"
        yield f'<p class="note">First divergence in {escape(first.mode)}: {escape(first.what)}{by}{cause}<br>'
        yield f"<code>{escape(a.quote(first.a_line))}</code><br><code>{escape(b.quote(first.b_line))}</code></p>"
    if verdict.used.get("inputs"):
        used = ", ".join(f"{name}={spec}" for name, spec in verdict.used["inputs"].items())
        initial = escape(verdict.initial_state)
        yield f"<p>Run with <code>{escape(used)}</code>; initial state under one seed: {initial}.</p>"
    alike = layer.train == layer.eval and layer.mode_verdict("train") == layer.mode_verdict("eval")
    for mode, title in (("train", "train and eval"),) if alike else ((mode, mode) for mode in MODES):
        if layer.rows(mode):
            yield f"<h3>{title}: {escape(layer.mode_verdict(mode))}</h3>"
            yield plot(layer.rows(mode))
            yield _table(layer.rows(mode))


def _table(rows: Iterable[Row]) -> str:
    head = "<tr><th></th><th>A</th><th>B</th><th>operation</th><th>shape</th><th>apart by</th><th>state</th></tr>"
    return f"<table>{head}{''.join(_row(row) for row in rows)}</table>"


def _row(row: Row) -> str:
    lines = "".join(
        f'<td class="n">{f"<a href=#{side}{line}>{line}</a>" if line else ""}</td>'
        for side, line in (("a", row.a_line), ("b", row.b_line))
    )
    apart = "" if row.max_abs is None else f"{row.max_abs:.3g}"
    told = [row.op, "×".join(map(str, row.shape)), apart, row.said or ", ".join(row.state)]
    cells = "".join(f"<td>{escape(text)}</td>" for text in told)
    return f'<tr class="{_CLASSES[row.mark]}"{_pair(row)}><td>{row.mark}</td>{lines}{cells}</tr>'


def _pair(row: Row) -> str:
    return f' data-pair="{row.a_line}-{row.b_line}"' if row.a_line and row.b_line else ""


def _sources(layers: Sequence[LayerDiff], a: Version, b: Version) -> str:
    """Both files side by side; lines that ran are coloured by what became of them, aligned ones light up together."""
    rows = [row for layer in layers for mode in MODES for row in layer.rows(mode)]
    sides = []
    for side, version in (("a", a), ("b", b)):
        marks: dict[int, str] = {}
        pairs: dict[int, str] = {}
        for row in rows:
            line = row.a_line if side == "a" else row.b_line
            if line:
                marks[line] = max(marks.get(line, "same"), _CLASSES[row.mark], key=_GRAVER.index)
                pairs.setdefault(line, _pair(row))
        text = "".join(
            f'<a id="{side}{number}" class="{marks.get(number, "")}"{pairs.get(number, "")}>'
            f"<b>{number}</b>{escape(line)}</a>"
            for number, line in enumerate(version.lines, 1)
        )
        sides.append(f"<div><h3>{side.upper()}: {escape(version.name)}</h3><pre>{text}</pre></div>")
    return f'<div class="sources">{"".join(sides)}</div>'
