"""Rows: linear maps, and the map that does nothing."""

from __future__ import annotations

from .pair import Pair
from .slot import KaimingUniform, Slot, UniformBound, UniformFanIn
from .spelling import OneWay, also

PAIRS = (
    Pair(
        function="linear",
        takes="input, weight, bias=None",
        module="Linear",
        built_by="in_features, out_features, bias=True, device=None, dtype=None",
        slots=(
            Slot("weight", "out_features in_features", init=KaimingUniform()),
            Slot("bias", "out_features", when=("bias",), init=UniformFanIn()),
        ),
        respelled=(
            "x @ weight + bias",
            "torch.matmul(x, weight)",
            "torch.mm(x, weight)",
            "torch.addmm(bias, x, weight)",
            "torch.einsum('bi,io->bo', x, weight)",
        ),
        traps=(
            "The weight is (out_features, in_features): the transpose of what x @ w takes.",
            "x @ weight.t() without a bias, and torch.addmm(bias, x, weight.t()), are the very same call.",
        ),
    ),
    Pair(
        function="bilinear",
        takes="input1, input2, weight, bias=None",
        module="Bilinear",
        built_by="in1_features, in2_features, out_features, bias=True, device=None, dtype=None",
        called_with="input1, input2",
        slots=(
            Slot("weight", "out_features in1_features in2_features", init=UniformBound("in1_features")),
            Slot("bias", "out_features", when=("bias",), init=UniformBound("in1_features")),
        ),
        spellings=also("torch.bilinear", "input1, input2, weight, bias=None"),
    ),
    Pair(
        function="",
        takes="input",
        module="Identity",
        built_by="*args, **kwargs",
        ways="to_function",
        note="there is no such function: the call becomes its argument",
        traps=("The constructor takes any arguments and ignores them.",),
    ),
)

ONE_WAY = (
    OneWay("grouped_mm", "function", "there is no module of grouped matrix products", "keep the function"),
    OneWay("scaled_mm", "function", "there is no module of scaled matrix products", "keep the function"),
    OneWay("scaled_grouped_mm", "function", "there is no module of scaled matrix products", "keep the function"),
)
