"""Rows: dropout."""

from __future__ import annotations

from .pair import Pair


def _dropout(function: str, module: str, training: str) -> Pair:
    return Pair(
        function=function,
        takes=f"input, p=0.5, training={training}, inplace=False",
        module=module,
        built_by="p=0.5, inplace=False",
        mode="training",
        build_positional=1,
        call_positional=2,
    )


PAIRS = (
    _dropout("dropout", "Dropout", "True"),
    _dropout("dropout1d", "Dropout1d", "True"),
    _dropout("dropout2d", "Dropout2d", "True"),
    _dropout("dropout3d", "Dropout3d", "True"),
    _dropout("alpha_dropout", "AlphaDropout", "False"),
    _dropout("feature_alpha_dropout", "FeatureAlphaDropout", "False"),
)
ONE_WAY = ()
