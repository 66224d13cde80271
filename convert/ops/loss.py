"""Rows: losses."""

from __future__ import annotations

from .pair import Pair
from .slot import KaimingUniform, Slot, UniformFanIn, given
from .spelling import OneWay

_LEGACY = "size_average=None, reduce=None, reduction='mean'"
_WEIGHT = {"weight": "the module has no weight; multiply reduction='none' by it"}
_OLD_BATCHMEAN = "with 'batchmean' the function divides once more, and the module forgets the reduction"
_KEY = "The weight of the module is a buffer: it is in the state_dict and moves with the model."


def _loss(function: str, module: str, settings: str, data: str = "input, target", traps: tuple[str, ...] = ()) -> Pair:
    """A loss whose settings are the same on both sides; its weights are handed to the constructor."""
    slots = tuple(given(name) for name in ("weight", "pos_weight") if f" {name}=" in f" {settings}")
    return Pair(
        function=function,
        takes=f"{data}, {settings}",
        module=module,
        built_by=settings,
        called_with=data,
        slots=slots,
        traps=(*traps, _KEY) if slots else traps,
    )


_PLAIN = (
    _loss("binary_cross_entropy", "BCELoss", f"weight=None, {_LEGACY}"),
    _loss("binary_cross_entropy_with_logits", "BCEWithLogitsLoss", f"weight=None, {_LEGACY}, pos_weight=None"),
    _loss(
        "cross_entropy",
        "CrossEntropyLoss",
        "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0",
        traps=("The input is scores before softmax.",),
    ),
    _loss(
        "nll_loss",
        "NLLLoss",
        "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'",
        traps=("The input is log-probabilities.",),
    ),
    _loss("multilabel_margin_loss", "MultiLabelMarginLoss", _LEGACY),
    _loss("multilabel_soft_margin_loss", "MultiLabelSoftMarginLoss", f"weight=None, {_LEGACY}"),
    _loss("multi_margin_loss", "MultiMarginLoss", f"p=1, margin=1.0, weight=None, {_LEGACY}"),
    _loss("smooth_l1_loss", "SmoothL1Loss", f"{_LEGACY}, beta=1.0"),
    _loss("soft_margin_loss", "SoftMarginLoss", _LEGACY),
    _loss("hinge_embedding_loss", "HingeEmbeddingLoss", f"margin=1.0, {_LEGACY}"),
    _loss("cosine_embedding_loss", "CosineEmbeddingLoss", f"margin=0, {_LEGACY}", "input1, input2, target"),
    _loss("margin_ranking_loss", "MarginRankingLoss", f"margin=0, {_LEGACY}", "input1, input2, target"),
    _loss(
        "triplet_margin_loss",
        "TripletMarginLoss",
        f"margin=1.0, p=2.0, eps=1e-06, swap=False, {_LEGACY}",
        "anchor, positive, negative",
    ),
    _loss(
        "ctc_loss",
        "CTCLoss",
        "blank=0, reduction='mean', zero_infinity=False",
        "log_probs, targets, input_lengths, target_lengths",
    ),
)

_OTHER_ORDER = (
    Pair(
        function="kl_div",
        takes=f"input, target, {_LEGACY}, log_target=False",
        module="KLDivLoss",
        built_by=f"{_LEGACY}, log_target=False",
        called_with="input, target",
        together={("reduction", old): _OLD_BATCHMEAN for old in ("size_average", "reduce")},
        traps=("reduction='mean' divides by the number of elements; the divergence itself is 'batchmean'.",),
    ),
    Pair(
        function="l1_loss",
        takes=f"input, target, {_LEGACY}, weight=None",
        module="L1Loss",
        built_by=_LEGACY,
        called_with="input, target",
        function_only=_WEIGHT,
    ),
    Pair(
        function="mse_loss",
        takes=f"input, target, {_LEGACY}, weight=None",
        module="MSELoss",
        built_by=_LEGACY,
        called_with="input, target",
        function_only=_WEIGHT,
    ),
    Pair(
        function="huber_loss",
        takes="input, target, reduction='mean', delta=1.0, weight=None",
        module="HuberLoss",
        built_by="reduction='mean', delta=1.0",
        called_with="input, target",
        function_only=_WEIGHT,
    ),
    Pair(
        function="poisson_nll_loss",
        takes="input, target, log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean'",
        module="PoissonNLLLoss",
        built_by="log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean'",
        called_with="log_input, target",
        call_renames={"input": "log_input"},
        traps=("log_input is a setting of the constructor and also the name of the first argument of the call.",),
    ),
    Pair(
        function="gaussian_nll_loss",
        takes="input, target, var, full=False, eps=1e-06, reduction='mean'",
        module="GaussianNLLLoss",
        built_by="*, full=False, eps=1e-06, reduction='mean'",
        called_with="input, target, var",
    ),
    Pair(
        function="triplet_margin_with_distance_loss",
        takes="anchor, positive, negative, *, distance_function=None, margin=1.0, swap=False, reduction='mean'",
        module="TripletMarginWithDistanceLoss",
        built_by="*, distance_function=None, margin=1.0, swap=False, reduction='mean'",
        called_with="anchor, positive, negative",
    ),
    Pair(
        function="nll_loss",
        takes="input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'",
        module="NLLLoss2d",
        built_by="weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'",
        called_with="input, target",
        slots=(given("weight"),),
        ways="to_function",
        note="an old name of nn.NLLLoss",
    ),
)

_WITH_LINEAR = Pair(
    function="linear_cross_entropy",
    takes="input, linear_weight, target, *, linear_bias=None, weight=None, reduction='mean', ignore_index=None, "
    "label_smoothing=0.0, options=None",
    module="LinearCrossEntropyLoss",
    built_by="in_features, num_classes, *, out_features=(), bias=False, device=None, dtype=None, reduction='mean', "
    "weight=None, ignore_index=None, label_smoothing=0.0, options=None",
    called_with="input, target",
    slots=(
        given("weight"),
        Slot("linear_weight", "num_classes in_features", init=KaimingUniform(), below="linear.weight"),
        Slot("linear_bias", "num_classes", when=("bias",), init=UniformFanIn("linear_weight"), below="linear.bias"),
    ),
    inner={"linear": "torch.nn.Linear"},
    module_only={"out_features": "the module keeps its weight in two axes, and the function takes one for each"},
    traps=(_KEY, "The bias is off unless it is asked for, unlike that of nn.Linear."),
)

PAIRS = (*_PLAIN, *_OTHER_ORDER, _WITH_LINEAR)

_BARE = (
    "binary_cross_entropy_with_logits",
    "cosine_embedding_loss",
    "ctc_loss",
    "hinge_embedding_loss",
    "kl_div",
    "margin_ranking_loss",
    "poisson_nll_loss",
    "triplet_margin_loss",
)

ONE_WAY = (
    *(OneWay(f"torch.{name}", "function", "it takes the reduction as a number", f"write F.{name}") for name in _BARE),
    OneWay(
        "AdaptiveLogSoftmaxWithLoss",
        "module",
        "it is a composition of several layers, and no function computes it",
        "keep the module",
    ),
)
