"""In-place changes and views: random programs run here and on torch, values and gradients compared."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnflip.runtime.tensor import wrap

VIEWS = {
    "first row": lambda x: x[0],
    "last row": lambda x: x[-1],
    "all but one": lambda x: x[1:],
    "every other": lambda x: x[::2],
    "transposed": lambda x: x.t() if x.ndim == 2 else x.unsqueeze(0),
    "flat": lambda x: x.reshape(-1),
    "column": lambda x: x[..., 0],
    "added axis": lambda x: x.unsqueeze(0),
    "narrowed": lambda x: x.narrow(x.ndim - 1, 0, 1),
    "expanded": lambda x: x.unsqueeze(0).expand(2, *x.shape),
}
MAPS = {
    "times two": lambda x: x * 2,
    "sigmoid": lambda x: x.sigmoid(),
    "squared": lambda x: x * x,
    "detached factor": lambda x: x * x.detach(),
    "tanh": lambda x: x.tanh(),
    "relu": lambda x: x.relu(),
    "exp of minus": lambda x: (-x).exp(),
    "detached": lambda x: x.detach(),
}
CHANGES = {
    "add_ number": lambda x, y: x.add_(1.5),
    "mul_ number": lambda x, y: x.mul_(-0.5),
    "add_ sum": lambda x, y: x.add_(y.sum()),
    "mul_ mean": lambda x, y: x.mul_(y.mean()),
    "copy_": lambda x, y: x.copy_(y.sum()),
    "zero_": lambda x, y: x.zero_(),
    "fill_": lambda x, y: x.fill_(0.25),
    "sigmoid_": lambda x, y: x.sigmoid_(),
    "relu_": lambda x, y: x.relu_(),
    "sin_": lambda x, y: x.sin_(),
    "clamp_": lambda x, y: x.clamp_(-0.5, 0.5),
    "+=": lambda x, y: x.__iadd__(2),
    "set": lambda x, y: x.__setitem__(0, y.sum()),
    "masked_fill_": lambda x, y: x.masked_fill_(x > 0.3, 0.1),
}

KINDS = {"view": VIEWS, "map": MAPS, "change": CHANGES}
STEP = st.sampled_from([(kind, name) for kind, names in KINDS.items() for name in names])
STEPS = st.lists(st.tuples(STEP, st.integers(0, 7), st.integers(0, 7)), min_size=2, max_size=9)
NOT_EXPANDED = ("zero_", "fill_", "masked_fill_")  # torch takes them on expanded tensors, and then fails in backward


def run(leaf, steps):
    """The values of all tensors of a program, whether they want gradients, and the leaf's gradient or the error."""
    known = [leaf, leaf * 1, leaf.detach() * 3]
    for (kind, name), first, second in steps:
        x, y = known[first % len(known)], known[second % len(known)]
        try:
            if kind == "view":
                known.append(VIEWS[name](x))
            elif kind == "map":
                known.append(MAPS[name](x))
            elif 0 not in x.stride() or name not in (
                "zero_",
                "fill_",
                "masked_fill_",
            ):  # torch itself fails there later
                CHANGES[name](x, y)
        except (RuntimeError, IndexError) as error:
            known.append(leaf * 2)
            known[-1].failed = str(error)[:60] if isinstance(error, RuntimeError) else "IndexError"
    outcome = [
        (np.array(x.detach().numpy()), x.requires_grad, x.is_leaf, x._version, getattr(x, "failed", "")) for x in known
    ]
    try:
        sum((x * x).sum() for x in known[1:]).backward()
    except RuntimeError as error:
        return outcome, str(error)[:90]
    return outcome, None if leaf.grad is None else np.array(leaf.grad.numpy())


@pytest.mark.torch
@settings(max_examples=300, deadline=None)
@given(steps=STEPS)
def test_random_programs_give_torchs_values_and_gradients(steps):
    torch = pytest.importorskip("torch")
    start = np.array([[0.1, -0.7, 1.2], [0.4, 0.9, -0.3]])
    theirs, their_grad = run(torch.tensor(start, requires_grad=True), steps)
    ours, our_grad = run(wrap(start.copy(), requires_grad=True), steps)
    for (value, *facts), (expected, *expected_facts) in zip(ours, theirs, strict=True):
        assert facts == expected_facts
        np.testing.assert_allclose(value, expected, rtol=1e-10, atol=1e-12)
    if isinstance(their_grad, str) or their_grad is None:
        assert repr(our_grad) == repr(their_grad)
    else:
        np.testing.assert_allclose(our_grad, their_grad, rtol=1e-9, atol=1e-12)
