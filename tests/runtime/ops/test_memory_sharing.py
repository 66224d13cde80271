"""Which results share memory with their input, and how writing through them shows."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest

import nnflip.runtime as runtime

VIEWS = """
x.view(6, 4)
x.reshape(6, 4)
x.transpose(0, 1)
x.permute(2, 0, 1)
x.expand(5, 2, 3, 4)
x.narrow(1, 0, 2)
x.select(0, 1)
x[0]
x[:, 1:]
x[None]
x[..., t.tensor(1)]
x.chunk(2)[0]
x.split(1)[1]
x.unbind(1)[0]
x.squeeze()
x.unsqueeze(0)
x.diagonal()
x.detach()
x.flatten()
x.flatten(0, 1)
x.unfold(2, 2, 1)
x.view_as(x)
x.mT
x.contiguous()
x.unflatten(2, (2, 2))
x.movedim(0, 1)
x.as_strided((2, 2), (1, 2))
""".strip().splitlines()

COPIES = """
x.clone()
x.transpose(0, 1).reshape(-1)
x.transpose(0, 1).contiguous()
x.flip(0)
x.repeat(1, 1, 1)
x[t.tensor([0])]
x[x > 0]
x.roll(1)
x + 0
x.gather(0, t.zeros(1, 1, 1, dtype=t.int64))
t.cat([x])
t.round(x)
t.tril(x)
""".strip().splitlines()

CHANGES = """
x[0] = 1
x[0] = y[1]
x[:, 1] = 2.5
x[..., 0] = y[..., 1]
x[x > 0] = 0
x[x > 0] = t.tensor(3.0)
x[t.tensor([0, 1]), t.tensor([1, 2])] = y[0, :2]
x[:, t.tensor([0, 2])] = -1.0
x[1, t.tensor([True, False, True])] = y[0, :1]
x[0, 0, 0] = 7
x[:, None] = 4.0
x[0:1, :, ::2] += 1
x[t.tensor([0, 0])] += 1
x.t_() if x.dim() == 2 else x.transpose_(0, 1)
x[0].fill_(3)
x.view(-1)[3:5].zero_()
x.diagonal().add_(1)
x.mul_(y)
x.clamp_(min=0)
x.masked_fill_(x > 0, 5.0)
x.index_add_(0, t.tensor([1]), y[:1])
x.scatter_(2, t.zeros(2, 3, 1, dtype=t.int64), 9.0)
x.select(1, 0).copy_(y[:, 0])
x.unbind(0)
x.squeeze_(0)
x.sub_(1, alpha=2)
x.div_(2, rounding_mode="floor")
x.copy_(y[0])
x.index_fill_(1, t.tensor([0]), 1.0)
x.pow_(2)
""".strip().splitlines()


def arrays() -> tuple[Any, Any]:
    draw = np.random.default_rng(0)
    return draw.standard_normal((2, 3, 4)), draw.standard_normal((2, 3, 4))


@pytest.mark.parametrize("expression", VIEWS)
def test_a_view_shares_its_memory(expression: str) -> None:
    x = runtime.from_numpy(arrays()[0])
    view = eval(expression, {"x": x, "t": runtime})
    assert np.shares_memory(view.numpy(), x.numpy())


@pytest.mark.parametrize("expression", COPIES)
def test_a_copy_has_its_own(expression: str) -> None:
    x = runtime.from_numpy(arrays()[0])
    assert not np.shares_memory(eval(expression, {"x": x, "t": runtime}).numpy(), x.numpy())


@pytest.mark.torch
@pytest.mark.parametrize("expression", VIEWS)
def test_a_view_has_torchs_strides(expression: str, torch: ModuleType) -> None:
    mine, theirs = (eval(expression, {"x": t.from_numpy(arrays()[0]), "t": t}) for t in (runtime, torch))
    assert mine.stride() == theirs.stride()
    assert mine.tolist() == theirs.tolist()


@pytest.mark.torch
@pytest.mark.parametrize("statement", CHANGES)
def test_a_change_in_place_reads_and_pulls_back_as_in_torch(statement: str, torch: ModuleType) -> None:
    seen = []
    for library in (runtime, torch):
        a, b = (library.from_numpy(array.copy()).requires_grad_() for array in arrays())
        x = a * 1
        exec(statement, {"x": x, "y": b, "t": library})
        (x * x).sum().backward()
        zeros = np.zeros((2, 3, 4))
        seen.append((x.detach().numpy(), a.grad.numpy(), zeros if b.grad is None else b.grad.numpy()))
    for mine, theirs in zip(*seen, strict=True):
        np.testing.assert_allclose(mine, theirs, 1e-12)


@pytest.mark.torch
@pytest.mark.parametrize(
    "statement",
    [
        "x[0] = [1, 2]",
        "x[0] = 'a'",
        "x[0] = t.ones(5)",
        "x[x > 0] = t.ones(99)",
        "x[t.tensor([0])] = t.ones(1)",
        "x.expand(5, 2, 3, 4).add_(1)",
        "x.add_(t.ones(5, 2, 3, 4))",
        "x.long().div_(2)",
        "t.add(x, 1, out=t.ones(1, dtype=t.int64))",
    ],
)
def test_a_change_is_refused_as_in_torch(statement: str, torch: ModuleType) -> None:
    raised = []
    for library in (torch, runtime):
        with pytest.raises((RuntimeError, TypeError, IndexError)) as caught:
            exec(statement, {"x": library.from_numpy(arrays()[0]), "t": library})
        raised.append(caught.value)
    assert type(raised[1]) is type(raised[0])
    assert str(raised[1]).partition("\n")[0] == str(raised[0]).partition("\n")[0]


def test_out_receives_the_result() -> None:
    out = runtime.empty(0)
    assert runtime.add(runtime.ones(2), 1, out=out) is out
    assert out.tolist() == [2, 2]
