"""Rows: losses."""

from __future__ import annotations

from .initial import Given
from .pair import Pair, Slot

PAIRS = (
    Pair(
        function="cross_entropy",
        takes="input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', "
        "label_smoothing=0.0",
        module="CrossEntropyLoss",
        built_by="weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', "
        "label_smoothing=0.0",
        called_with="input, target",
        slots=(Slot("weight", "classes", kind="buffer", init=Given()),),
    ),
)
ONE_WAY = ()
