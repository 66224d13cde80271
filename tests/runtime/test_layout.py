"""Strides of results: what decides whether `.view` works afterwards, and in which order random draws fill."""

from __future__ import annotations

import pytest

import nnflip.runtime as runtime

PROGRAMS = {
    "relu": lambda lib, x, y: x.relu(),
    "with a number": lambda lib, x, y: x + 1,
    "first transposed": lambda lib, x, y: x + y,
    "second transposed": lambda lib, x, y: y + x,
    "where": lambda lib, x, y: lib.where(x > 0, x, y),
    "comparison": lambda lib, x, y: x > 0,
    "cast": lambda lib, x, y: x.double(),
    "clone": lambda lib, x, y: x.clone(),
    "zeros_like": lambda lib, x, y: lib.zeros_like(x),
    "dropout": lambda lib, x, y: lib.nn.functional.dropout(x, 0.5),
    "gelu": lambda lib, x, y: lib.nn.functional.gelu(x),
    "softmax": lambda lib, x, y: x.softmax(-1),
    "cumsum": lambda lib, x, y: x.cumsum(1),
    "product": lambda lib, x, y: x @ x.transpose(-1, -2),
    "linear": lambda lib, x, y: lib.nn.functional.linear(x, lib.ones(5, x.shape[-1])),
    "layer_norm": lambda lib, x, y: lib.nn.functional.layer_norm(x, x.shape[-1:]),
    "sum": lambda lib, x, y: x.sum(0),
    "picked": lambda lib, x, y: x[[0, 1]],
    "flip": lambda lib, x, y: x.flip(0),
    "sort": lambda lib, x, y: x.sort(1)[0],
    "tril": lambda lib, x, y: x.tril(),
    "reshape": lambda lib, x, y: x.reshape(x.shape[0], -1),
}
LAYOUTS = {
    "transposed": lambda lib: (lib.arange(12.0).reshape(3, 4).t(), lib.arange(12.0).reshape(4, 3)),
    "permuted": lambda lib: (lib.arange(24.0).reshape(2, 3, 4).permute(2, 0, 1), lib.arange(24.0).reshape(4, 2, 3)),
    "plain": lambda lib: (lib.arange(24.0).reshape(4, 2, 3), lib.arange(24.0).reshape(4, 2, 3)),
}


@pytest.mark.torch
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_strides_are_torchs(torch, name, layout):
    ours, theirs = (PROGRAMS[name](lib, *LAYOUTS[layout](lib)) for lib in (runtime, torch))
    assert ours.stride() == theirs.stride()
