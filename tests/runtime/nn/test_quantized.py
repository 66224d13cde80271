"""FloatFunctional against torch: its methods, what its child observes, and that it has no forward."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import nnflip.runtime as runtime

CALLS = {
    "add": "f.add(x, y)",
    "add, broadcast": "f.add(x, y[0])",
    "add_scalar": "f.add_scalar(x, 0.5)",
    "mul": "f.mul(x, y)",
    "mul_scalar": "f.mul_scalar(x, 3)",
    "cat": "f.cat([x, y])",
    "cat along a dim": "f.cat((x, y), dim=-1)",
    "add_relu": "f.add_relu(x, y)",
    "matmul": "f.matmul(x, y.t())",
    "cat of what does not fit": "f.cat([x, y[:, :2]], 0)",
    "matmul of what does not fit": "f.matmul(x, y)",
    "forward": "f(x)",
    "a constructor's argument": "type(f)(1)",
}

OUTCOMES = [
    "nn.quantized.FloatFunctional()",
    "nn.quantized.FloatFunctional().state_dict()",
    "nn.Sequential(nn.Linear(1, 1), nn.quantized.FloatFunctional())",
    "[name for name, _ in nn.quantized.FloatFunctional().named_modules()]",
    "nn.quantized.FloatFunctional().eval().activation_post_process.training",
]


@pytest.mark.torch
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_call_is_torchs(call: str, torch: Any, events: Any) -> None:
    def scenario(library: Any) -> Iterator[Any]:
        f = library.nn.quantized.FloatFunctional()
        seen: list[Any] = []
        f.activation_post_process.register_forward_hook(lambda module, args, output: seen.append(output))
        x = library.tensor([[1.0, -2.0, 3.0], [0.5, -0.25, 4.0]], requires_grad=True)
        y = library.tensor([[-3.0, 1.5, 2.0], [1.0, -1.0, -8.0]], requires_grad=True)
        yield lambda: eval(call, {"f": f, "x": x, "y": y})
        yield seen
        for output in seen:
            (output * output).sum().backward()
        yield x.grad, y.grad

    assert events(scenario, runtime) == events(scenario, torch)


@pytest.mark.torch
@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)


def test_it_has_torchs_names() -> None:
    with runtime.install():
        import torch
        import torch.ao.nn.quantized as nnq
        from torch.ao.nn.quantized import FloatFunctional
        from torch.nn.quantized import FloatFunctional as Older

        assert FloatFunctional is Older is nnq.FloatFunctional is torch.ao.nn.quantized.FloatFunctional
        with pytest.raises(NotImplementedError, match=r"torch\.ao\.nn\.quantized\.Conv2d is not in this runtime"):
            _ = nnq.Conv2d
        with pytest.raises(
            NotImplementedError, match=r"torch\.ao\.quantization\.quantize_dynamic is not in this runtime"
        ):
            torch.ao.quantization.quantize_dynamic()
