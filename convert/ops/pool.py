"""Rows: pooling."""

from __future__ import annotations

from .pair import Pair
from .slot import given
from .spelling import also


def _max(rank: int) -> Pair:
    takes = "input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False"
    indices = f"F.max_pool{rank}d_with_indices" + (" torch.max_pool1d_with_indices" if rank == 1 else "")
    return Pair(
        function=f"max_pool{rank}d",
        takes=f"{takes}, return_indices=False",
        module=f"MaxPool{rank}d",
        built_by="kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False",
        spatial=rank,
        build_positional=2,
        spellings=(*also(f"torch.max_pool{rank}d", takes), *also(indices, takes, return_indices="True")),
        traps=("The last two arguments change places: the function takes (…, ceil_mode, return_indices).",),
    )


def _average(rank: int) -> Pair:
    divisor = "" if rank == 1 else ", divisor_override=None"
    settings = f"kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True{divisor}"
    return Pair(
        function=f"avg_pool{rank}d",
        takes=f"input, {settings}",
        module=f"AvgPool{rank}d",
        built_by=settings,
        spatial=rank,
        build_positional=2,
        spellings=also("torch.avg_pool1d", f"input, {settings}") if rank == 1 else (),
    )


def _power(rank: int) -> Pair:
    settings = "norm_type, kernel_size, stride=None, ceil_mode=False"
    return Pair(
        function=f"lp_pool{rank}d",
        takes=f"input, {settings}",
        module=f"LPPool{rank}d",
        built_by=settings,
        spatial=rank,
    )


def _adaptive_average(rank: int) -> Pair:
    return Pair(
        function=f"adaptive_avg_pool{rank}d",
        takes="input, output_size",
        module=f"AdaptiveAvgPool{rank}d",
        built_by="output_size",
        spatial=rank,
        spellings=also("torch.adaptive_avg_pool1d", "input, output_size") if rank == 1 else (),
    )


def _adaptive_max(rank: int) -> Pair:
    indices = f"F.adaptive_max_pool{rank}d_with_indices" + (" torch.adaptive_max_pool1d" if rank == 1 else "")
    return Pair(
        function=f"adaptive_max_pool{rank}d",
        takes="input, output_size, return_indices=False",
        module=f"AdaptiveMaxPool{rank}d",
        built_by="output_size, return_indices=False",
        spatial=rank,
        spellings=also(indices, "input, output_size", return_indices="True"),
        traps=("torch.adaptive_max_pool1d returns the indices too; F.adaptive_max_pool1d only if asked.",)
        if rank == 1
        else (),
    )


def _fractional(rank: int) -> Pair:
    settings = "kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None"
    indices = "input, kernel_size, output_size=None, output_ratio=None"
    return Pair(
        function=f"fractional_max_pool{rank}d",
        takes=f"input, {settings}",
        module=f"FractionalMaxPool{rank}d",
        built_by=settings,
        slots=(given("_random_samples"),),
        spatial=rank,
        together={("output_size", "output_ratio"): "the constructor takes one of the two only"},
        tuples={"output_ratio": rank},
        spellings=also(f"F.fractional_max_pool{rank}d_with_indices", indices, return_indices="True"),
        traps=("Where to pool is drawn at random at every call, in eval mode too.",),
    )


def _unpool(rank: int) -> Pair:
    return Pair(
        function=f"max_unpool{rank}d",
        takes="input, indices, kernel_size, stride=None, padding=0, output_size=None",
        module=f"MaxUnpool{rank}d",
        built_by="kernel_size, stride=None, padding=0",
        called_with="input, indices, output_size=None",
        spatial=rank,
        build_positional=2,
        traps=("output_size is an argument of the module's call, not of its constructor.",),
    )


_KINDS = (_max, _average, _power, _adaptive_average, _adaptive_max, _unpool)
PAIRS = (*(kind(rank) for kind in _KINDS for rank in (1, 2, 3)), _fractional(2), _fractional(3))
ONE_WAY = ()
