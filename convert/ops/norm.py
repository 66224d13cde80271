"""Rows: normalisation."""

from __future__ import annotations

from .pair import Pair
from .slot import Counter, Ones, Slot
from .spelling import OneWay, also

_ORDER = "it takes its settings in another order, none of them optional, and a switch for cuDNN"
_UNBATCHED = "The module takes input without a batch axis too; the function would take its channels for the batch."


def _statistics(counter: Counter) -> tuple[Slot, ...]:
    tracked = ("track_running_stats",)
    return (
        Slot("weight", "num_features", when=("affine",), init=Ones()),
        Slot("bias", "num_features", when=("affine", "bias")),
        Slot("running_mean", "num_features", kind="buffer", when=tracked),
        Slot("running_var", "num_features", kind="buffer", when=tracked, init=Ones()),
        Slot("num_batches_tracked", "", kind="buffer", when=tracked, init=counter),
    )


def _batch(rank: int, ranks: tuple[int, ...]) -> Pair:
    return Pair(
        function="batch_norm",
        takes="input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05",
        module=f"BatchNorm{rank}d",
        built_by="num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, "
        "dtype=None, *, bias=True",
        slots=_statistics(Counter()),
        mode="training",
        mode_needs="track_running_stats",
        for_none={"momentum": "1 / max({counter}.item(), 1)"},
        ranks=ranks,
        traps=(
            "The second argument of the constructor is eps, not momentum: nn.BatchNorm2d(64, 0.8) sets eps to 0.8.",
            "The function takes input of any rank; each module checks for its own.",
            "Only the module counts its batches (num_batches_tracked).",
            "momentum=None means the average over all batches so far.",
        ),
    )


def _instance(rank: int) -> Pair:
    return Pair(
        function="instance_norm",
        takes="input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, "
        "eps=1e-05",
        module=f"InstanceNorm{rank}d",
        built_by="num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False, device=None, "
        "dtype=None, *, bias=True",
        slots=_statistics(Counter(runs=False)),
        mode="use_input_stats",
        mode_needs="track_running_stats",
        for_none={"momentum": "0.0"},
        ranks=(rank + 2,),
        other_ranks=(rank + 1,),
        traps=(
            "momentum=None means that the running statistics stay as they are.",
            "The module has neither weights nor running statistics unless affine and track_running_stats ask for them.",
            _UNBATCHED,
        ),
    )


PAIRS = (
    _batch(1, (2, 3)),
    _batch(2, (4,)),
    _batch(3, (5,)),
    *(_instance(rank) for rank in (1, 2, 3)),
    Pair(
        function="layer_norm",
        takes="input, normalized_shape, weight=None, bias=None, eps=1e-05",
        module="LayerNorm",
        built_by="normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None",
        slots=(
            Slot("weight", "*normalized_shape", when=("elementwise_affine",), init=Ones()),
            Slot("bias", "*normalized_shape", when=("elementwise_affine", "bias")),
        ),
        tuples={"normalized_shape": 1},
        shape_of={"normalized_shape": "weight"},
        spellings=also("torch.layer_norm", "input, normalized_shape, weight=None, bias=None, eps=1e-05"),
        traps=("The function takes normalized_shape as a tuple only; the constructor takes an int too.",),
    ),
    Pair(
        function="group_norm",
        takes="input, num_groups, weight=None, bias=None, eps=1e-05",
        module="GroupNorm",
        built_by="num_groups, num_channels, eps=1e-05, affine=True, device=None, dtype=None, *, bias=True",
        slots=(
            Slot("weight", "num_channels", when=("affine",), init=Ones()),
            Slot("bias", "num_channels", when=("affine", "bias")),
        ),
        spellings=also("torch.group_norm", "input, num_groups, weight=None, bias=None, eps=1e-05"),
    ),
    Pair(
        function="rms_norm",
        takes="input, normalized_shape, weight=None, eps=None",
        module="RMSNorm",
        built_by="normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None",
        called_with="x",
        slots=(Slot("weight", "*normalized_shape", when=("elementwise_affine",), init=Ones()),),
        call_renames={"input": "x"},
        tuples={"normalized_shape": 1},
        shape_of={"normalized_shape": "weight"},
        spellings=also("torch.rms_norm", "input, normalized_shape, weight=None, eps=None"),
        traps=("eps=None means the machine epsilon of the input's dtype.",),
    ),
    Pair(
        function="local_response_norm",
        takes="input, size, alpha=0.0001, beta=0.75, k=1.0",
        module="LocalResponseNorm",
        built_by="size, alpha=0.0001, beta=0.75, k=1.0",
    ),
)

ONE_WAY = (
    OneWay("torch.batch_norm", "function", _ORDER, "write F.batch_norm"),
    OneWay("torch.instance_norm", "function", _ORDER, "write F.instance_norm"),
    OneWay("SyncBatchNorm", "module", "it talks to other processes, which no function does", "keep the module"),
    OneWay(
        "CrossMapLRN2d",
        "module",
        "it is a private autograd function of torch.nn",
        "use nn.LocalResponseNorm, if close will do",
    ),
    OneWay("normalize", "function", "there is no module of it", "keep the function"),
)
