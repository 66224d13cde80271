"""Runs real public models on the runtime, unmodified, against real torch: first weights, outputs, gradients, buffers.

    python tests/ecosystem/runtime_run.py CHECKOUTS MANIFEST.json [NAME ...]

CHECKOUTS holds one folder per repository, named `owner+name`. Every case is built and called from the same seeds under
`nnflip.runtime.install()` and under torch. First weights must be equal to the bit, or are told to be near; the rest,
computed from torch's weights, must lie within 1e-5 of the largest value in float32 and 1e-12 in float64. Where float32
is further off, torch is asked how far it is off from itself, with oneDNN and without, and with weights one rounding
away: a network that magnifies rounding has no answer to 1e-5. NAMEs choose cases. Prints one line per case; exit code 1
if one differs or fails.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parent))
from load import chosen_source, loaded
from published import published_text

from nnflip import runtime

TOLERANCE = {"float32": 1e-5, "float64": 1e-12}
Found = dict[str, Any]


def main(checkouts: Path, manifest: Path, chosen: set[str]) -> int:
    """Run every case in both dtypes."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    counts: Counter[str] = Counter()
    told = json.loads(manifest.read_text())
    for entry in told["files"]:
        entry = {"load": told.get("load"), **entry}
        path = checkouts / entry["repo"].replace("/", "+") / entry["path"]
        if not path.exists():
            counts["files that are not here"] += 1
            continue
        for case in entry["cases"]:
            if not chosen or case["name"] in chosen:
                for dtype in TOLERANCE:
                    said = verdict(path, entry, case, dtype)
                    counts[said.partition(":")[0]] += 1
                    print(f"{said} in {dtype} {entry['repo']} {entry['path']} {case['name']}", flush=True)
    for name, count in sorted(counts.items()):
        print(f"{count:6} {name}")
    return int(any(name.startswith(("differs", "fails")) for name in counts))


def verdict(path: Path, entry: Mapping[str, Any], case: Mapping[str, Any], dtype: str) -> str:
    """'agrees', 'differs: where', 'fails: error of the runtime', or 'skipped: error of torch itself'."""
    case = {"setup": entry.get("setup", ""), **case}
    try:
        expected = ran(torch, path, entry, case, dtype)
    except Exception as error:
        return f"skipped: torch says {type(error).__name__}: {str(error)[:90]}"
    try:
        with runtime.install():
            actual = ran(runtime, path, entry, case, dtype, weights=expected)
    except Exception as error:
        return f"fails: {type(error).__name__}: {str(error)[:300]}"
    found = differences(actual, expected)
    tolerance = TOLERANCE[dtype]
    bad = {name: off for name, off in found.items() if off > (0 if name.startswith("weight ") else tolerance)}
    if not bad:
        return f"agrees: {furthest(found)}"
    if all(name.startswith("weight ") and off < TOLERANCE["float32"] for name, off in bad.items()):
        return f"agrees, but first weights are near: {worst(bad)}"
    own = spread(path, entry, case, dtype, expected)
    if max(bad.values()) <= 3 * own:
        return f"agrees as torch with itself: {furthest(found)}; {worst(bad)}; torch itself {own:.1e}"
    return f"differs: {worst(bad)} ({len(bad)} in all); torch itself {own:.1e}"


def spread(path: Path, entry: Mapping[str, Any], case: Mapping[str, Any], dtype: str, expected: Found) -> float:
    """How far torch is off from itself: without oneDNN, and with weights that are a rounding away from what they were.

    One activation of a million that changes its sign at a ReLU is enough to see that.
    """
    with torch.backends.mkldnn.flags(enabled=False):
        runs = [ran(torch, path, entry, case, dtype)]
    runs += [ran(torch, path, entry, case, dtype, nudge) for nudge in (1, 2, 3)]
    kept = {name: value for name, value in expected.items() if not name.startswith("weight ")}
    return max(max(differences({name: run[name] for name in kept}, kept).values()) for run in runs)


def nudged(model: Any, seed: int) -> None:
    """Moves every weight of a torch model by about one rounding, up or down."""
    rng = np.random.default_rng(seed)
    with torch.no_grad():
        for weight in model.parameters():
            step = torch.from_numpy(rng.choice([-1.0, 1.0], tuple(weight.shape))).to(weight.dtype)
            weight += step * weight * torch.finfo(weight.dtype).eps


def furthest(found: Mapping[str, float]) -> str:
    """How far outputs and gradients are off at most."""
    off = {
        kind: max((value for name, value in found.items() if f" {kind} " in name), default=0.0)
        for kind in ("output", "gradient")
    }
    return f"outputs off by {off['output']:.0e}, gradients by {off['gradient']:.0e}"


def worst(bad: Mapping[str, float]) -> str:
    """The entry that is furthest off."""
    name = max(bad, key=lambda name: bad[name])
    return f"{name} off by {bad[name]:.1e}"


def ran(
    library: Any,
    path: Path,
    entry: Mapping[str, Any],
    case: Mapping[str, Any],
    dtype: str,
    nudge: int = 0,
    weights: Found | None = None,
) -> Found:
    """Everything that a case gives on one library, as arrays by name; the steps from `weights`, if given."""
    load = entry.get("load") or {}
    library.set_default_dtype(getattr(library, dtype))
    try:
        with loaded(chosen_source(published_text(path), load), path, load) as module:
            library.manual_seed(0)
            np.random.seed(0)
            scope = {"m": module, "torch": library, "nn": library.nn, "F": library.nn.functional, "np": np}
            scope["NS"] = SimpleNamespace
            exec(case.get("setup", ""), scope)
            model = eval(case["build"], scope)
            scope["model"] = model
            found: Found = {}
            if isinstance(model, library.nn.Module):
                found = {f"weight {name}": array_of(value) for name, value in model.state_dict().items()}
                if weights is not None:
                    state = model.state_dict()  # which knows the versions of its modules
                    for name in state:
                        state[name] = library.tensor(weights[f"weight {name}"])
                    model.load_state_dict(state)
                if nudge:
                    nudged(model, nudge)
            for mode in ("eval", "train"):
                found |= {f"{mode} {name}": value for name, value in stepped(library, scope, case, mode).items()}
            return found
    finally:
        library.set_default_dtype(library.float32)


def stepped(library: Any, scope: dict[str, Any], case: Mapping[str, Any], mode: str) -> Found:
    """Outputs of one call; in train mode gradients and buffers afterwards."""
    model, training = scope["model"], mode == "train"
    whole = isinstance(model, library.nn.Module)
    if whole:
        model.train(training)
    library.manual_seed(2 if training else 1)
    exec(case.get("setup", ""), scope)
    call = case.get("train_call", case["call"]) if training else case["call"]
    with library.enable_grad() if training else library.no_grad():
        outputs = list(tensors(library, eval(call, scope)))
    found = {f"output {index}": array_of(value) for index, value in enumerate(outputs)}
    if training and whole:
        graded = [value for value in outputs if value.requires_grad]
        if graded:
            sum((value * value).mean() for value in graded).backward()
        found |= {f"gradient {n}": None if p.grad is None else array_of(p.grad) for n, p in model.named_parameters()}
        found |= {f"buffer {name}": array_of(value) for name, value in model.named_buffers()}
    return found


def tensors(library: Any, value: Any) -> Iterator[Any]:
    """The tensors in what a model returned."""
    if isinstance(value, library.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from tensors(library, part)
    elif isinstance(value, dict):
        for part in value.values():
            yield from tensors(library, part)


def array_of(value: Any) -> Any:
    """A copy as an array."""
    return np.array(value.detach().resolve_conj().numpy())


def differences(actual: Found, expected: Found) -> dict[str, float]:
    """How far off every value is, over the largest of its kind; infinite where it is not the same thing at all."""
    found = dict.fromkeys(set(actual) ^ set(expected), float("inf"))
    scales = {kind: scale_of(expected, kind) for kind in ("train gradient", "train buffer")}
    for name in actual.keys() & expected.keys():
        mine, value = actual[name], expected[name]
        scale = max((scale for kind, scale in scales.items() if name.startswith(kind)), default=0.0)
        found[name] = float("inf") if unlike(mine, value) else distance(mine, value, scale)
    return found


def scale_of(expected: Found, kind: str) -> float:
    """The largest value of a kind: what should be zero is held against it."""
    values = [v for name, v in expected.items() if name.startswith(kind) and v is not None and v.dtype.kind in "fc"]
    return max((float(np.abs(value).max(initial=0)) for value in values), default=0.0)


def unlike(mine: Any, value: Any) -> bool:
    """Whether shape, dtype, presence, integers or the place of infinities differ."""
    if mine is None or value is None:
        return mine is not value
    if (mine.shape, mine.dtype) != (value.shape, value.dtype):
        return True
    return not np.array_equal(np.isfinite(mine), np.isfinite(value))


def distance(mine: Any, value: Any, scale: float) -> float:
    """The largest difference over the largest value."""
    if value is None or value.dtype.kind not in "fc":
        return 0.0 if np.array_equal(mine, value) else float("inf")
    if mine.tobytes() == value.tobytes():
        return 0.0
    finite = np.isfinite(value)
    largest = max(float(np.abs(value[finite]).max(initial=0)), scale)
    off = float(np.abs(mine[finite] - value[finite]).max(initial=0))
    return max(off / (largest or 1.0), np.finfo(value.dtype).smallest_subnormal)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2]), set(sys.argv[3:])))
