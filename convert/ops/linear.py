"""Rows: linear maps."""

from __future__ import annotations

from .initial import KaimingUniform, UniformFanIn
from .pair import Pair, Slot

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
        traps=("The weight is (out_features, in_features): the transpose of what x @ w takes.",),
    ),
)
ONE_WAY = ()
