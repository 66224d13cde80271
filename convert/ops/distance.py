"""Rows: distances between vectors."""

from __future__ import annotations

from .pair import Pair
from .spelling import OneWay, also

PAIRS = (
    Pair(
        function="cosine_similarity",
        takes="x1, x2, dim=1, eps=1e-08",
        module="CosineSimilarity",
        built_by="dim=1, eps=1e-08",
        called_with="x1, x2",
        spellings=also("torch.cosine_similarity", "x1, x2, dim=1, eps=1e-08"),
    ),
    Pair(
        function="pairwise_distance",
        takes="x1, x2, p=2.0, eps=1e-06, keepdim=False",
        module="PairwiseDistance",
        built_by="p=2.0, eps=1e-06, keepdim=False",
        called_with="x1, x2",
        spellings=also("torch.pairwise_distance", "x1, x2, p=2.0, eps=1e-06, keepdim=False"),
        traps=("The module keeps p under the name norm.",),
    ),
)

ONE_WAY = (OneWay("pdist", "function", "there is no module of all distances within one set", "keep the function"),)
