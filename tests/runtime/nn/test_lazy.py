"""Lazy layers against torch: before, at and after the first forward."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.torch

OUTCOMES = [
    "nn.LazyLinear(3)",
    "nn.LazyLinear(3).weight",
    "nn.LazyLinear(3).state_dict()",
    "nn.LazyLinear(3).load_state_dict(nn.LazyLinear(3).state_dict())",
    "nn.Linear(2, 3).load_state_dict(nn.LazyLinear(3).state_dict())",
    "nn.LazyLinear(3).load_state_dict(nn.Linear(2, 3).state_dict())",
    "(lambda m: (m(torch.ones(1, 4)), m, list(vars(m)), m.weight))(nn.LazyLinear(3))",
    "(lambda m: (m(torch.ones(1, 2, 5, 5)), m, m.bias))(nn.LazyConv2d(4, 3, groups=2))",
    "nn.LazyConv2d(4, 3)",
    "nn.LazyConv2d(4, 3)(torch.ones(5, 5))",
    "nn.LazyConv2d(4, 3, groups=2)(torch.ones(3, 5, 5))",
    "(lambda m: (m(torch.ones(2, 4)), m))(nn.LazyConv1d(4, 3))",
    "(lambda m: (m(torch.ones(1, 2, 3, 3, 3)), m))(nn.LazyConv3d(4, 2, bias=False))",
    "(lambda m: (m(torch.ones(1, 2, 4)), m))(nn.LazyConvTranspose1d(4, 3))",
    "(lambda m: (m(torch.ones(1, 2, 4, 4)), m))(nn.LazyConvTranspose2d(4, 3, stride=2))",
    "(lambda m: (m(torch.ones(1, 2, 2, 2, 2)), m))(nn.LazyConvTranspose3d(4, 2))",
    "nn.LazyBatchNorm2d()",
    "(lambda m: (m(torch.ones(2, 2, 5, 5)).shape, m, m.state_dict()))(nn.LazyBatchNorm2d())",
    "(lambda m: (m(torch.ones(2, 2)), m))(nn.LazyBatchNorm1d(bias=False))",
    "(lambda m: (m(torch.ones(2, 2, 1, 2, 2)), m))(nn.LazyBatchNorm3d(affine=False))",
    "(lambda m: (m(torch.ones(2, 2, 5)).shape, m, m.state_dict()))(nn.LazyInstanceNorm1d())",
    "(lambda m: (m(torch.ones(2, 2, 5, 5)), m))(nn.LazyInstanceNorm2d(affine=False))",
    "(lambda m: (m(torch.ones(2, 2, 2, 5, 5)), m))(nn.LazyInstanceNorm3d())",
    "nn.LazyLinear(3).double().weight.dtype",
    "nn.LazyLinear(3).share_memory()",
    "nn.LazyLinear(3).has_uninitialized_params()",
    "__import__('copy').deepcopy(nn.LazyLinear(3)).weight",
    "nn.UninitializedParameter().shape",
    "nn.UninitializedParameter().data",
    "nn.UninitializedParameter().requires_grad",
    "(lambda p: (p.materialize((2, 3)), type(p), p.shape))(nn.UninitializedParameter())",
    "nn.parameter.UninitializedBuffer()",
    "nn.parameter.is_lazy(nn.LazyLinear(1).weight)",
]


@pytest.mark.parametrize("text", OUTCOMES)
def test_outcome_is_torchs(text: str, same_outcome: Any) -> None:
    same_outcome(text)
