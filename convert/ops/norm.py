"""Rows: normalisation."""

from __future__ import annotations

from .initial import Counter, Ones
from .pair import Pair, Slot


def _batch(rank: int, ranks: tuple[int, ...]) -> Pair:
    return Pair(
        function="batch_norm",
        takes="input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05",
        module=f"BatchNorm{rank}d",
        built_by="num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, "
        "dtype=None, *, bias=True",
        slots=(
            Slot("weight", "num_features", when=("affine",), init=Ones()),
            Slot("bias", "num_features", when=("affine", "bias")),
            Slot("running_mean", "num_features", kind="buffer", when=("track_running_stats",)),
            Slot("running_var", "num_features", kind="buffer", when=("track_running_stats",), init=Ones()),
            Slot("num_batches_tracked", "", kind="buffer", when=("track_running_stats",), init=Counter()),
        ),
        mode="training",
        mode_needs="track_running_stats",
        not_values={
            "momentum": {"None": "a cumulative average needs the module's batch counter; the function takes a number"}
        },
        ranks=ranks,
    )


PAIRS = (_batch(1, (2, 3)), _batch(2, (4,)), _batch(3, (5,)))
ONE_WAY = ()
