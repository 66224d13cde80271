"""Rows: padding. All modules share F.pad and differ in its mode, and in how many axes they pad."""

from __future__ import annotations

from .pair import Pair

_TAKES = "input, pad, mode='constant', value=None"
_ORDER = "The sizes go from the last axis backwards, two for each: (left, right, top, bottom, …)."


def _row(module: str, rank: int, mode: str, *values: str) -> Pair:
    return Pair(
        function="pad",
        takes=_TAKES,
        module=f"{module}{rank}d",
        built_by="padding" if values else "padding, value",
        spatial=rank,
        renames={"pad": "padding"},
        fixed={"mode": (f"'{mode}'",), **({"value": values} if values else {})},
        lengths={"pad": 2 * rank},
        tuples={"padding": 2 * rank},
        traps=(_ORDER,),
    )


# ZeroPad before ConstantPad: where both fit, the shorter one is written.
PAIRS = tuple(
    row
    for rank in (1, 2, 3)
    for row in (
        _row("ZeroPad", rank, "constant", "None", "0"),
        _row("ConstantPad", rank, "constant"),
        _row("ReflectionPad", rank, "reflect", "None"),
        _row("ReplicationPad", rank, "replicate", "None"),
        _row("CircularPad", rank, "circular", "None"),
    )
)
ONE_WAY = ()
