"""Fixtures of the verification tests: the backend, and one call that verifies two texts."""

from __future__ import annotations

import importlib.util

import pytest

from nnflip.convert.verify import Request, verify_texts

_TORCH = pytest.mark.torch
_NO_TORCH = pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")


@pytest.fixture(params=["numpy", pytest.param("torch", marks=[_TORCH, _NO_TORCH])])
def backend(request):
    return request.param


@pytest.fixture
def verified(backend, tmp_path):
    """verified(a_text, b_text, state_map, **request) → the verdict on one backend."""

    def run(a, b, state_maps=None, **options):
        request = Request(backend=backend, **{"timeout": 60.0, **options})
        return verify_texts(a, b, request, state_maps=state_maps, path=str(tmp_path / "model.py"))

    return run
