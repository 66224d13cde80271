"""Rows: activations."""

from __future__ import annotations

from .pair import Pair, Spelling

PAIRS = (
    Pair(
        function="relu",
        takes="input, inplace=False",
        module="ReLU",
        built_by="inplace=False",
        spellings=(
            Spelling(function="torch.relu", takes="input"),
            Spelling(method="relu", takes="input"),
            Spelling(function="torch.relu_", takes="input", fixed={"inplace": "True"}),
            Spelling(function="torch.nn.functional.relu_", takes="input", fixed={"inplace": "True"}),
            Spelling(method="relu_", takes="input", fixed={"inplace": "True"}),
        ),
    ),
)
ONE_WAY = ()
