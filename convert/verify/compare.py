"""Compares what two runs showed: names, kinds, dtypes, shapes, then bits; only where bits differ, numbers.

numpy is imported only for the size of a difference: two equal runs are told from their bytes alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .result import Closeness, Mismatch, ModeResult, worst_closeness
from .wire import Message

_TOLERANCE = {  # relative, absolute: the rule of torch.testing.assert_close
    "float16": (1e-3, 1e-5),
    "bfloat16": (1.6e-2, 1e-5),
    "float32": (1.3e-6, 1e-5),
    "float64": (1e-7, 1e-7),
    "complex64": (1.3e-6, 1e-5),
    "complex128": (1e-7, 1e-7),
}
_KIND = {
    "output": "outputs",
    "input": "outputs",
    "input_gradient": "gradients",
    "parameter_gradient": "gradients",
    "buffer": "buffers",
    "parameter": "gradients",
}
_WORDS = {
    "output": "output",
    "input": "input after the call",
    "input_gradient": "gradient of input",
    "parameter_gradient": "gradient of",
    "buffer": "buffer",
    "parameter": "after one optimiser step",
}


def mode_result(
    answers: Sequence[dict[str, Any]], found_in: Sequence[Sequence[Mismatch]], *, traces_same: bool
) -> ModeResult:
    """All cases of one mode as one result, from the answers of A; each mismatch is listed once."""
    mismatches: dict[str, Mismatch] = {}
    present: set[str] = set()
    for answer, mismatches_here in zip(answers, found_in, strict=True):
        present |= {_KIND[entry["section"]] for entry in answer["entries"]}
        for mismatch in mismatches_here:
            before = mismatches.get(mismatch.what)
            if before is None or (before.close and not mismatch.close):
                mismatches[mismatch.what] = mismatch
    found = tuple(mismatches.values())
    closeness = {kind: _closeness(kind, found, kind in present) for kind in ("outputs", "gradients", "buffers")}
    trace: Closeness = "identical" if traces_same else "different"
    return ModeResult(closeness["outputs"], closeness["gradients"], closeness["buffers"], trace, found)


def _closeness(kind: str, found: Sequence[Mismatch], present: bool) -> Closeness:
    seen: list[Closeness] = ["close" if one.close else "different" for one in found if _KIND[one.section] == kind]
    return worst_closeness([*seen, "identical" if present else "absent"])


def mismatches_between(a: Message, b: Message) -> list[Mismatch]:
    """Every entry that is not the same, bit for bit; what one side lacks is a difference."""
    ours = {(entry["section"], entry["name"]): entry for entry in a.body["entries"]}
    theirs = {(entry["section"], entry["name"]): entry for entry in b.body["entries"]}
    found = [
        Mismatch(section, f"{_named(section, name)} is only in {'A' if (section, name) in ours else 'B'}", False)
        for section, name in [*ours, *theirs]
        if ((section, name) in ours) != ((section, name) in theirs)
    ]
    for key, entry in ours.items():
        if key in theirs:
            mismatch = _between(entry, theirs[key], a.blobs, b.blobs)
            found += [mismatch] if mismatch else []
    return found


def _between(
    a: dict[str, Any], b: dict[str, Any], a_blobs: Sequence[bytes], b_blobs: Sequence[bytes]
) -> Mismatch | None:
    section, name = a["section"], _named(a["section"], a["name"])
    if ("blob" in a) != ("blob" in b):
        return Mismatch(section, f"{name} is {_shown(a)} in A and {_shown(b)} in B", False)
    if "blob" not in a:
        same = a.get("value") == b.get("value") and a.get("opaque") == b.get("opaque")
        return None if same else Mismatch(section, f"{name} is {_shown(a)} in A and {_shown(b)} in B", False)
    if a["dtype"] != b["dtype"] or a["shape"] != b["shape"] or a.get("kind") != b.get("kind"):
        return Mismatch(section, f"{name} is {_shown(a)} in A and {_shown(b)} in B", False)
    if a["requires_grad"] != b["requires_grad"]:
        only = "A" if a["requires_grad"] else "B"
        return Mismatch(section, f"{name} requires a gradient in {only} only", False)
    left, right = a_blobs[a["blob"]], b_blobs[b["blob"]]
    if left == right:
        return None
    close, max_abs, ulp = difference(left, right, a["dtype"])
    if max_abs is None and close:
        return None
    return Mismatch(section, name, close, max_abs, ulp, _relative(left, a["dtype"], max_abs))


def _named(section: str, name: str) -> str:
    second = name.startswith("second step")
    rest = name.removeprefix("second step").strip()
    return f"{_WORDS[section]} {rest}".rstrip() + (" (second step)" if second else "")


def _shown(entry: dict[str, Any]) -> str:
    if "blob" in entry:
        return f"{entry.get('kind', '')} {entry['dtype']}{entry['shape']}".lstrip()
    return str(entry.get("value", entry.get("opaque")))


def outputs_only(seen: Message) -> Message:
    """The answer with the bytes of its outputs alone."""
    kept = {entry["blob"] for entry in seen.body["entries"] if entry["section"] == "output" and "blob" in entry}
    return Message(seen.body, tuple(blob if at in kept else b"" for at, blob in enumerate(seen.blobs)))


def says_nothing(seen: Message) -> bool:
    """Whether every number of every float output is NaN: equal, and no evidence of anything."""
    import numpy as np

    outputs = [entry for entry in seen.body["entries"] if entry["section"] == "output" and "blob" in entry]
    floats = [entry for entry in outputs if entry["dtype"] in ("float16", "float32", "float64")]
    found = [np.isnan(np.frombuffer(seen.blobs[entry["blob"]], entry["dtype"])).all() for entry in floats]
    return bool(found) and len(floats) == len(outputs) and all(found)


def difference(left: bytes, right: bytes, dtype: str) -> tuple[bool, float | None, int | None]:
    """Close by rule, the largest absolute difference, and the largest distance in representable numbers.

    NaN is equal only to NaN; arrays that differ in the bits of their NaN alone count as the same: (True, None, None).
    """
    import numpy as np

    stored = "int16" if dtype == "bfloat16" else dtype
    a, b = np.frombuffer(left, stored), np.frombuffer(right, stored)
    if dtype == "bfloat16":
        a, b = (((one.astype(np.int32)) << 16).view(np.float32) for one in (a, b))
    if dtype not in _TOLERANCE:
        gap = np.abs(a.astype(np.float64) - b.astype(np.float64))
        return False, float(gap.max()), None
    if ((np.isnan(a) & np.isnan(b)) | (_bits(a) == _bits(b))).all():
        return True, None, None
    relative, absolute = _TOLERANCE[dtype]
    with np.errstate(all="ignore"):
        gap = np.where(a == b, 0.0, np.abs(a.astype(np.result_type(a, np.float64)) - b))
        allowed = absolute + relative * np.abs(a)
        close = bool((((gap <= allowed) & np.isfinite(a)) | (gap == 0) | (np.isnan(a) & np.isnan(b))).all())
    largest = float(np.nanmax(gap)) if not np.isnan(gap).all() else float("nan")
    return close, largest, _ulp(a, b)


def _relative(left: bytes, dtype: str, max_abs: float | None) -> float | None:
    """A difference over the largest value of the first; None where there is none to speak of."""
    import numpy as np

    if max_abs is None or dtype not in ("float32", "float64"):
        return None
    largest = float(np.abs(np.frombuffer(left, dtype)).max(initial=0.0))
    return max_abs / largest if np.isfinite(largest) and largest > 0 else None


def _bits(values: Any) -> Any:
    """The bits of floats as integers, or the values themselves where there is no integer of that size."""
    size = {2: "u2", 4: "u4", 8: "u8"}.get(values.dtype.itemsize)
    return values.view(size) if size and values.dtype.kind == "f" else values


def _ulp(a: Any, b: Any) -> int | None:
    """The largest number of representable steps between two arrays, None where signs or kinds forbid counting."""
    import numpy as np

    if a.dtype.kind != "f" or a.dtype.itemsize not in (4, 8) or not (np.isfinite(a) & np.isfinite(b)).all():
        return None
    kind = "i4" if a.dtype.itemsize == 4 else "i8"

    def ordered(values: Any) -> Any:
        bits = values.view(kind).astype(object if kind == "i8" else np.int64)
        lowest = -(1 << (63 if kind == "i8" else 31))
        return np.where(bits < 0, lowest - bits, bits)

    return int(np.abs(ordered(a) - ordered(b)).max())
