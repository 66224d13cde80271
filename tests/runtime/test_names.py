"""Names that files import and models hardly use: they are there, and say so where they can do nothing."""

from __future__ import annotations

from contextlib import nullcontext
from importlib import import_module
from typing import Optional

import numpy as np
import pytest

from nnflip import runtime
from nnflip.runtime.missing import MissingUse

FILE = """
import torch
import torch.utils.model_zoo as model_zoo
from torch.ao.quantization import DeQuantStub, QuantStub
from torch.fx import GraphModule, Tracer, symbolic_trace
from torch.nn.parallel import DistributedDataParallel as DDP
from torch.utils.data.distributed import DistributedSampler
from torch.utils.model_zoo import load_url

class Leaf(Tracer):
    pass

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.quant, self.dequant = QuantStub(), DeQuantStub()

    def forward(self, x):
        torch._check(x.dim() == 2, lambda: "a matrix")
        return self.dequant(self.quant(x) + 1)
"""


@pytest.fixture(name="found")
def _found() -> dict[str, object]:
    with runtime.install():
        scope: dict[str, object] = {}
        exec(FILE, scope)
    return scope


def test_a_file_that_imports_them_runs(found) -> None:
    net = found["Net"]()
    assert net(runtime.zeros(1, 2)).tolist() == [[1.0, 1.0]]
    assert repr(net) == "Net(\n  (quant): QuantStub()\n  (dequant): DeQuantStub()\n)"
    assert not isinstance(net, (found["DDP"], found["GraphModule"]))
    with pytest.raises(RuntimeError, match="a matrix"):
        net(runtime.zeros(2))


@pytest.mark.parametrize(
    ("name", "arguments", "api"),
    [
        ("DDP", (None,), "torch.nn.parallel.DistributedDataParallel"),
        ("Leaf", (), "torch.fx.Tracer"),
        ("symbolic_trace", (None,), "torch.fx.symbolic_trace"),
        ("load_url", ("https://example.org/weights.pth",), "torch.utils.model_zoo.load_url"),
    ],
)
def test_their_use_is_refused_by_name(found, name, arguments, api) -> None:
    with pytest.raises(MissingUse, match=api.replace(".", r"\.")):
        found[name](*arguments)


@pytest.mark.parametrize("size", [0, 1, 5, 17])
@pytest.mark.parametrize("replicas", [1, 4, 7])
@pytest.mark.parametrize("drop_last", [False, True])
def test_the_share_of_a_process_is_torchs(size, replicas, drop_last) -> None:
    torch = pytest.importorskip("torch")
    orders = []
    for library in (runtime, torch):
        samplers = [
            library.utils.data.DistributedSampler(range(size), replicas, rank, shuffle, 3, drop_last)
            for rank in range(replicas)
            for shuffle in (False, True)
        ]
        for sampler in samplers:
            sampler.set_epoch(2)
        orders.append([(list(sampler), len(sampler)) if size else len(sampler) for sampler in samplers])
    assert orders[0] == orders[1]


def test_a_share_needs_to_be_told_of_whom() -> None:
    with pytest.raises(RuntimeError, match="Requires distributed package"):
        runtime.utils.data.DistributedSampler(range(3))
    with pytest.raises(ValueError, match="Invalid rank 2"):
        runtime.utils.data.DistributedSampler(range(3), 2, 2)


@pytest.mark.parametrize("kind", ["Conv2d", "ConvTranspose2d"])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("affine", [False, True])
def test_a_convolution_takes_the_batch_norm_behind_it_in(kind, bias, affine) -> None:
    torch = pytest.importorskip("torch")
    found = []
    for library in (runtime, torch):
        library.manual_seed(0)
        layer = getattr(library.nn, kind)(3, 4, 3, bias=bias).eval()
        norm = library.nn.BatchNorm2d(4, affine=affine).eval()
        norm.running_mean.normal_()
        norm.running_var.uniform_(0.5, 2)
        with runtime.install() if library is runtime else nullcontext():
            fuse = import_module("torch.nn.utils.fusion").fuse_conv_bn_eval
        fused = fuse(layer, norm, transpose="Transpose" in kind)
        x = library.randn(2, 3, 5, 5)
        assert np.allclose(fused(x).detach().numpy(), norm(layer(x)).detach().numpy(), atol=1e-5)
        found.append((fused.weight, fused.bias))
    for mine, value in zip(*found, strict=True):
        assert np.array_equal(mine.detach().numpy(), value.detach().numpy())
        assert mine.requires_grad == value.requires_grad


def test_a_submodule_that_is_not_here_is_missing_by_name() -> None:
    with runtime.install():
        with pytest.raises(ImportError, match=r"torch\.jit\.quantized is not in this runtime"):
            import_module("torch.jit.quantized")
        assert import_module("torch.jit.annotations").Optional is Optional
