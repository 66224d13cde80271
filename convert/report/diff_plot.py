"""An inline SVG of how far two runs are apart, operation by operation, on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from ..verify.layers import Row

_HEIGHT, _LEFT, _BOTTOM, _TOP = 150, 48, 26, 8
_LOWEST, _HIGHEST = -9.0, 3.0
_COLOURS = {"=": "#1a7f37", "~": "#9a6700", "≠": "#cf222e", "-": "#cf222e", "+": "#cf222e"}


def plot(rows: Sequence[Row]) -> str:
    """A bar per operation; a green dot where not one bit differs, a red cross where one side lacks the operation."""
    step = max(9, min(40, 900 // max(1, len(rows))))
    width = _LEFT + step * len(rows) + 12
    bars = "".join(_mark(row, _LEFT + step * index + step / 2, step) for index, row in enumerate(rows))
    said = "difference after each operation, largest absolute value"
    return (
        f'<svg viewBox="0 0 {width} {_HEIGHT}" width="{width}" height="{_HEIGHT}" role="img" aria-label="{said}">'
        f"<title>{said}</title>{_axis(width)}{bars}</svg>"
    )


def _axis(width: int) -> str:
    lines = [
        f'<line x1="{_LEFT}" x2="{width}" y1="{_y(power):.1f}" y2="{_y(power):.1f}" stroke="#8884"/>'
        f'<text x="{_LEFT - 6}" y="{_y(power) + 4:.1f}" text-anchor="end">'
        f"{'same' if power == _LOWEST else f'1e{power:g}'}</text>"
        for power in (_LOWEST, -6.0, -3.0, 0.0, _HIGHEST)
    ]
    return "".join(lines)


def _y(power: float) -> float:
    share = (min(max(power, _LOWEST), _HIGHEST) - _LOWEST) / (_HIGHEST - _LOWEST)
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _BOTTOM - _TOP)


def _mark(row: Row, x: float, step: float) -> str:
    colour, floor = _COLOURS[row.mark], _y(_LOWEST)
    told = f"<title>{escape(row.op)} {row.a_line or '–'} | {row.b_line or '–'}: {_told(row)}</title>"
    if row.mark in "-+":
        cross = f"M{x - 4:.1f},{floor - 4:.1f} l8,8 m0,-8 l-8,8"
        return f'<g>{told}<path d="{cross}" stroke="{colour}" stroke-width="2"/></g>'
    if not row.max_abs:
        return f'<g>{told}<circle cx="{x:.1f}" cy="{floor:.1f}" r="3" fill="{colour}"/></g>'
    power = math.log10(row.max_abs) if math.isfinite(row.max_abs) else _HIGHEST
    top = _y(power)
    bar = f'<rect x="{x - step * 0.35:.1f}" y="{top:.1f}" width="{step * 0.7:.1f}" height="{max(1.0, floor - top):.1f}"'
    return f'<g>{told}{bar} fill="{colour}"/></g>'


def _told(row: Row) -> str:
    if row.max_abs is None:
        return escape(row.said or "the same numbers")
    return f"apart by up to {row.max_abs:.3g}"
