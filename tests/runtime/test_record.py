"""The recorder hears every op, in-place change and random draw, and nothing once it is gone."""

from __future__ import annotations

import nnflip.runtime as runtime
from nnflip.runtime.record import listeners, recording


def heard(function):
    calls = []
    with recording(lambda *call: calls.append(call)):
        function()
    return calls


def test_ops_in_place_changes_and_draws_are_heard():
    x = runtime.ones(2)

    def program():
        y = x * 2
        y.add_(1)
        y[0] = 5
        y.zero_()
        y.normal_(0, 2)
        runtime.nn.functional.relu(y)
        runtime.rand(3)

    names = [name for name, *_ in heard(program)]
    assert names == ["mul", "add_", "getitem", "copy_", "zero_", "normal_", "relu", "rand"]


def test_a_call_comes_with_inputs_static_arguments_and_outputs():
    x = runtime.ones(2, 3)
    ((name, inputs, static, outputs),) = heard(lambda: x.sum(1, keepdim=True))
    assert (name, static["keepdim"], len(outputs)) == ("sum", True, 1)
    assert inputs[0] is x
    assert outputs[0].shape == (2, 1)


def test_listeners_are_taken_out_after_an_error_too():
    def fail(*call):
        raise ValueError("stop")

    try:
        with recording(fail):
            runtime.ones(2) * 2
    except ValueError:
        pass
    assert listeners == []
