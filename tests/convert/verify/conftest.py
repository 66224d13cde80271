"""Fixtures of the verification tests: the backend, and one call that verifies two texts."""

from __future__ import annotations

import importlib.util

import pytest

from nnflip.convert.verify import Request, verify_texts

_NO_TORCH = pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")


def under_torch(*values, **named):
    """A parameter that also wants real torch."""
    return pytest.param(*values, marks=[pytest.mark.torch, _NO_TORCH], **named)


@pytest.fixture(params=["numpy", under_torch("torch")])
def verified(request, tmp_path):
    """verified(a_text, b_text, state_maps, **request) → the verdict, once on each backend."""
    return _verifier(request.param, tmp_path)


@pytest.fixture
def verified_on_numpy(tmp_path):
    """The same on the numpy runtime alone, for long lists."""
    return _verifier("numpy", tmp_path)


@pytest.fixture(params=[under_torch("torch")])
def verified_on_torch(request, tmp_path):
    """The same on real torch alone, the referee."""
    return _verifier(request.param, tmp_path)


def _verifier(backend, folder):
    def run(a, b, state_maps=None, path=None, **options):
        request = Request(backend=backend, **{"timeout": 60.0, **options})
        return verify_texts(a, b, request, state_maps=state_maps, path=str(path or folder / "model.py"))

    return run
