"""Speed of the runtime as ratios to torch on one thread, each pair timed in turn in this one run. No test.

Times are CPU times of this process: a busy machine does not disturb them.

    OMP_NUM_THREADS=1 python tests/benchmarks/runtime.py [NAME ...]

Names: resnet18, resnet18_train, gpt, gpt_train, conv, small, memory. Needs torch.
"""

from __future__ import annotations

import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import torch

from nnflip import runtime

Work = Callable[[], object]
Row = tuple[str, float, float, float]


def ratio(make: Callable[[Any], Work], runs: int = 5, times: int = 1) -> tuple[float, float, float]:
    """Minimum, median and maximum of runtime / torch."""
    ours, theirs = make(runtime), make(torch)
    ours(), theirs()
    times = max(times, int(0.02 / (_seconds(theirs, 1) + 1e-6)))  # the clock ticks coarsely
    found = [_seconds(ours, times) / _seconds(theirs, times) for _ in range(runs)]
    return min(found), statistics.median(found), max(found)


def _seconds(work: Work, times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        work()
    return time.process_time() - start


def forward(build: Callable[[Any], Any], *shape: int) -> Callable[[Any], Work]:
    """A module in eval mode without gradients."""

    def make(library: Any) -> Work:
        library.manual_seed(0)
        model, x = build(library).eval(), library.randn(*shape)

        def work() -> None:
            with library.no_grad():
                model(x)

        return work

    return make


def training(build: Callable[[Any], Any], *shape: int) -> Callable[[Any], Work]:
    """Forward and backward in train mode."""

    def make(library: Any) -> Work:
        library.manual_seed(0)
        model, x = build(library), library.randn(*shape)
        return lambda: model(x).sum().backward()

    return make


def resnet(library: Any) -> Any:
    """ResNet-18's layers (arXiv:1512.03385)."""
    nn = library.nn

    class Block(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self, inputs: int, outputs: int, stride: int) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(outputs)
            self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(outputs)
            self.relu = nn.ReLU(inplace=True)
            self.short = nn.Identity()
            if stride > 1 or inputs != outputs:
                self.short = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

        def forward(self, x: Any) -> Any:
            y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
            return self.relu(y + self.short(x))

    stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
    widths = [(64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)]
    blocks = [one for i, o, s in widths for one in (Block(i, o, s), Block(o, o, 1))]
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 1000))


def gpt(library: Any) -> Any:
    """One block of a GPT, width 256, 8 heads."""
    nn, F = library.nn, library.nn.functional

    class Block(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self, width: int, heads: int) -> None:
            super().__init__()
            self.heads = heads
            self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

        def forward(self, x: Any) -> Any:
            n, length, width = x.shape
            parts = self.qkv(self.ln1(x)).split(width, dim=2)
            q, k, v = (one.view(n, length, self.heads, width // self.heads).transpose(1, 2) for one in parts)
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.out(y.transpose(1, 2).reshape(n, length, width))
            return x + self.mlp(self.ln2(x))

    return Block(256, 8)


def resnet18() -> Iterator[Row]:
    """ResNet-18, one image of 224×224, forward."""
    yield "ResNet-18 forward, 1×3×224×224", *ratio(forward(resnet, 1, 3, 224, 224), runs=3)


def resnet18_train() -> Iterator[Row]:
    """The same, forward and backward."""
    yield "ResNet-18 forward and backward, 2×3×224×224", *ratio(training(resnet, 2, 3, 224, 224), runs=3)


def gpt_block() -> Iterator[Row]:
    """A transformer block, forward."""
    yield "GPT block forward, 4×128×256", *ratio(forward(gpt, 4, 128, 256))


def gpt_train() -> Iterator[Row]:
    """The same, forward and backward."""
    yield "GPT block forward and backward, 4×128×256", *ratio(training(gpt, 4, 128, 256))


def conv() -> Iterator[Row]:
    """Convolutions by kind."""
    kinds = {
        "3×3, 64 → 64": ((64, 64, 3, 1, 1), {}),
        "3×3, 64 → 128, stride 2": ((64, 128, 3, 2, 1), {}),
        "1×1, 128 → 128": ((128, 128, 1), {}),
        "depthwise 3×3, 128": ((128, 128, 3, 1, 1), {"groups": 128}),
        "grouped 3×3, 128 → 128, 8 groups": ((128, 128, 3, 1, 1), {"groups": 8}),
    }
    for name, (sizes, options) in kinds.items():
        for how, what in (("forward", forward), ("forward and backward", training)):
            made = what(lambda library, a=sizes, o=options: library.nn.Conv2d(*a, **o), 2, sizes[0], 28, 28)
            yield f"conv {name}, {how}", *ratio(made)


def small() -> Iterator[Row]:
    """What a call costs."""
    makers: dict[str, Callable[[Any], Work]] = {
        "a + b": lambda t: (lambda a, b: lambda: a + b)(t.ones(2, 2), t.ones(2, 2)),
        "a * 2": lambda t: (lambda a: lambda: a * 2)(t.ones(2, 2)),
        "a + b, recorded": lambda t: (lambda a, b: lambda: a + b)(t.ones(2, 2, requires_grad=True), t.ones(2, 2)),
        "a.reshape(4)": lambda t: (lambda a: lambda: a.reshape(4))(t.ones(2, 2)),
        "a[0]": lambda t: (lambda a: lambda: a[0])(t.ones(2, 2)),
        "nn.Linear(4, 4)": lambda t: (lambda m, x: lambda: m(x))(t.nn.Linear(4, 4), t.ones(2, 4)),
    }
    for name, make in makers.items():
        yield f"small: {name}", *ratio(make, times=500)
    mlp = training(lambda t: t.nn.Sequential(t.nn.Linear(4, 4), t.nn.ReLU(), t.nn.Linear(4, 1)), 2, 4)
    yield "small: a perceptron, forward and backward", *ratio(mlp, times=100)


def memory() -> Iterator[Row]:
    """Peak of what numpy allocates, over parameters and the inputs of all layers: what training has to keep."""
    kept: list[int] = []
    model = resnet(torch)
    for part in model.modules():
        if not list(part.children()):
            part.register_forward_hook(lambda _, given, __: kept.append(given[0].nbytes))
    model(torch.randn(2, 3, 224, 224))
    needed = sum(kept) + 2 * sum(p.nbytes for p in model.parameters())
    work = training(resnet, 2, 3, 224, 224)(runtime)
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1] + sum(p.nbytes for p in model.parameters())
    tracemalloc.stop()
    yield "ResNet-18 training, peak over parameters, gradients and layer inputs", *(peak / needed,) * 3


BENCHMARKS: dict[str, Callable[[], Iterator[Row]]] = {
    "resnet18": resnet18,
    "resnet18_train": resnet18_train,
    "gpt": gpt_block,
    "gpt_train": gpt_train,
    "conv": conv,
    "small": small,
    "memory": memory,
}

if __name__ == "__main__":
    torch.set_num_threads(1)
    for name in sys.argv[1:] or BENCHMARKS:
        for what, low, middle, high in BENCHMARKS[name]():
            print(f"{middle:6.2f}  ({low:.2f} to {high:.2f})  {what}", flush=True)
