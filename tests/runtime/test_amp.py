"""Mixed precision is off where torch's is off, and refused where torch would compute in bfloat16."""

from __future__ import annotations

import pytest

import nnflip.runtime as runtime
from nnflip.runtime import amp, cuda_amp, distributed


def test_cuda_autocast_warns_and_does_nothing() -> None:
    with pytest.warns(UserWarning, match="CUDA is not available"):
        context = amp.autocast("cuda")
    with context:
        assert runtime.ones(2).dtype is runtime.float32
    with cuda_amp.autocast(enabled=False):
        pass


def test_cpu_autocast_is_refused_unless_it_is_off() -> None:
    with amp.autocast("cpu", enabled=False):
        pass
    with pytest.raises(RuntimeError, match="bfloat16"), amp.autocast("cpu"):
        pass
    assert amp.autocast("cpu", enabled=False)(lambda x: x + 1)(2) == 3


def test_a_gradient_scaler_scales_nothing() -> None:
    p = runtime.nn.Parameter(runtime.ones(2))
    optimizer, scaler = runtime.optim.SGD([p], 0.5), amp.GradScaler(enabled=False)
    scaler.scale((p * p).sum()).backward()
    scaler.unscale_(optimizer)
    scaler.step(optimizer)
    scaler.update()
    assert p.tolist() == [0.0, 0.0]
    assert (scaler.get_scale(), scaler.is_enabled(), scaler.state_dict()) == (1.0, False, {})


def test_there_is_one_process() -> None:
    assert not distributed.is_available()
    assert not distributed.is_initialized()
