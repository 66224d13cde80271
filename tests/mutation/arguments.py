"""Miscompilations of one call: an argument lost, changed or added, whichever way the call spells it."""

from __future__ import annotations

import ast
import copy
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from nnflip import runtime

DROP = object()
Change = Callable[[ast.expr | None], Any]


@dataclass(frozen=True)
class ArgumentKind:
    """`change` is given the argument's expression (None: not given) and says the new one, DROP, or None: no mutant."""

    name: str
    callees: tuple[str, ...]
    argument: str
    change: Change


def signature(callee: str) -> inspect.Signature | None:
    """The parameters of `F.<callee>` or `nn.<callee>`; None for anything else."""
    found = getattr(runtime.nn.functional, callee, None) or getattr(runtime.nn, callee, None)
    try:
        return inspect.signature(found) if found is not None else None
    except (TypeError, ValueError):
        return None


def callee_of(call: ast.Call) -> str:
    """`conv2d` for `F.conv2d(...)`, `Conv2d` for `nn.Conv2d(...)`."""
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def given(call: ast.Call) -> dict[str, ast.expr] | None:
    """The call's arguments by the parameter's name; None where that cannot be told."""
    wanted = signature(callee_of(call))
    stars = any(isinstance(one, ast.Starred) for one in call.args) or any(one.arg is None for one in call.keywords)
    if wanted is None or stars or len(call.args) > len(wanted.parameters):
        return None
    named = dict(zip(wanted.parameters, call.args, strict=False))
    return {**named, **{one.arg: one.value for one in call.keywords if one.arg}}


def changed(call: ast.Call, argument: str, value: Any) -> ast.Call:
    """The call with one argument replaced or dropped, everything but the first by keyword."""
    arguments = dict(given(call) or {})
    if value is DROP:
        arguments.pop(argument, None)
    else:
        arguments[argument] = value
    first = next(iter(arguments), None)
    rest = [ast.keyword(name, one) for name, one in arguments.items() if name != first]
    return ast.Call(call.func, [arguments[first]] if first else [], rest)


def mutants_of(tree: ast.Module, kind: ArgumentKind) -> Iterator[ast.Module]:
    """One tree per call that the kind applies to."""
    for number, node in enumerate(ast.walk(tree)):
        if not isinstance(node, ast.Call) or not _is_one_of(callee_of(node), kind.callees):
            continue
        arguments, wanted = given(node), signature(callee_of(node))
        if arguments is None or wanted is None or kind.argument not in wanted.parameters:
            continue
        value = kind.change(arguments.get(kind.argument))
        if value is None:
            continue
        other = copy.deepcopy(tree)
        target = next(one for at, one in enumerate(ast.walk(other)) if at == number)
        assert isinstance(target, ast.Call)
        new = changed(target, kind.argument, value)
        target.args, target.keywords = new.args, new.keywords
        yield other


def _is_one_of(callee: str, wanted: tuple[str, ...]) -> bool:
    return any(callee.lower().startswith(one) for one in wanted)


def lost(value: ast.expr | None) -> Any:
    """Drops what is given."""
    return None if value is None else DROP


def to(text: str) -> Change:
    """Sets the argument, unless it is that already."""
    new = ast.parse(text, mode="eval").body
    return lambda value: None if value is not None and ast.unparse(value) == ast.unparse(new) else copy.deepcopy(new)


def added(text: str) -> Change:
    """Sets an argument that is not given."""
    return lambda value: None if value is not None else ast.parse(text, mode="eval").body


def flipped(default: bool) -> Change:
    """True for False and False for True; `default` where nothing is given."""

    def change(value: ast.expr | None) -> Any:
        now = default if value is None else getattr(value, "value", None)
        return ast.Constant(not now) if isinstance(now, bool) else None

    return change


def wrapped(text: str) -> Change:
    """`text` with the old argument for `_`."""

    def change(value: ast.expr | None) -> Any:
        if value is None or (isinstance(value, ast.Constant) and not isinstance(value.value, (int, float))):
            return None
        return ast.parse(text.replace("_", f"({ast.unparse(value)})"), mode="eval").body

    return change


def _no_bias(value: ast.expr | None) -> Any:
    if value is None or (isinstance(value, ast.Constant) and value.value in (None, False)):
        return None
    return ast.Constant(None)


def _other_gelu(value: ast.expr | None) -> Any:
    return ast.Constant("tanh") if value is None else DROP


_SPATIAL = ("conv", "max_pool", "avg_pool", "maxpool", "avgpool", "lp_pool")
_NORMS = ("batch_norm", "batchnorm", "layer_norm", "layernorm", "group_norm", "groupnorm", "instance_norm")
_AFFINE = ("batch_norm", "layer_norm", "group_norm", "rms_norm", "instance_norm")
_LOSSES = ("cross_entropy", "crossentropy", "nll", "mse", "l1_loss", "l1loss", "smooth", "huber", "bce", "kl", "binary")
KINDS = (
    ArgumentKind("stride lost", _SPATIAL, "stride", lost),
    ArgumentKind("stride added", ("conv",), "stride", added("2")),
    ArgumentKind("padding lost", _SPATIAL, "padding", lost),
    ArgumentKind("padding added", ("conv",), "padding", added("1")),
    ArgumentKind("dilation lost", _SPATIAL, "dilation", lost),
    ArgumentKind("groups lost", ("conv",), "groups", lost),
    ArgumentKind("padding_mode lost", ("conv",), "padding_mode", lost),
    ArgumentKind("padding mode changed", ("pad",), "mode", to("'constant'")),
    ArgumentKind("output_padding lost", ("conv",), "output_padding", lost),
    ArgumentKind("bias dropped", ("conv", "linear", "bilinear"), "bias", _no_bias),
    ArgumentKind("weight transposed", ("linear",), "weight", wrapped("_.t()")),
    ArgumentKind("weight by data", ("conv", "linear", *_AFFINE), "weight", wrapped("_.data")),
    ArgumentKind("weight detached", ("conv", "linear", *_AFFINE), "weight", wrapped("_.detach()")),
    ArgumentKind("weight flipped", ("conv",), "weight", wrapped("_.flip(0)")),
    ArgumentKind("affine weight lost", _AFFINE, "weight", to("None")),
    ArgumentKind("affine lost", ("batchnorm", "groupnorm"), "affine", to("False")),
    ArgumentKind("eps changed", _NORMS, "eps", to("1e-2")),
    ArgumentKind("momentum changed", ("batch", "instance"), "momentum", to("0.3")),
    ArgumentKind("training baked in", ("batch_norm", "dropout"), "training", to("True")),
    ArgumentKind("evaluation baked in", ("batch_norm", "dropout"), "training", to("False")),
    ArgumentKind("training not passed on", ("batch_norm", "dropout"), "training", lost),
    ArgumentKind("buffer not updated", ("batch_norm",), "running_mean", wrapped("_.clone()")),
    ArgumentKind("statistics not tracked", ("batchnorm",), "track_running_stats", to("False")),
    ArgumentKind("dropout probability", ("dropout", "alpha_dropout"), "p", to("0.75")),
    ArgumentKind("number of groups", ("group_norm", "groupnorm"), "num_groups", to("1")),
    ArgumentKind("gelu approximate", ("gelu",), "approximate", _other_gelu),
    ArgumentKind("dim changed", ("softmax", "log_softmax", "softmin", "glu", "cosine", "normalize"), "dim", to("0")),
    ArgumentKind("align_corners", ("interpolate", "upsample"), "align_corners", flipped(False)),
    ArgumentKind("interpolation mode", ("interpolate", "upsample"), "mode", to("'nearest'")),
    ArgumentKind("ceil_mode", _SPATIAL, "ceil_mode", flipped(False)),
    ArgumentKind("count_include_pad", ("avg_pool", "avgpool"), "count_include_pad", flipped(True)),
    ArgumentKind("kernel size", ("max_pool", "avg_pool", "maxpool", "avgpool"), "kernel_size", to("3")),
    ArgumentKind("negative_slope", ("leaky_relu", "leakyrelu"), "negative_slope", to("0.3")),
    ArgumentKind("alpha", ("elu", "celu"), "alpha", to("0.6")),
    ArgumentKind("beta", ("softplus",), "beta", to("2.5")),
    ArgumentKind("in place", ("relu", "leaky", "elu", "silu", "hardtanh"), "inplace", flipped(False)),
    ArgumentKind("reduction", _LOSSES, "reduction", to("'sum'")),
    ArgumentKind("label_smoothing", ("cross_entropy", "crossentropy"), "label_smoothing", to("0.4")),
    ArgumentKind("ignore_index", ("cross_entropy", "crossentropy", "nll"), "ignore_index", to("1")),
    ArgumentKind("delta", ("huber",), "delta", to("0.1")),
    ArgumentKind("padding_idx", ("embedding",), "padding_idx", lambda value: DROP if value is not None else None),
    ArgumentKind("max_norm lost", ("embedding",), "max_norm", lost),
    ArgumentKind("start_dim", ("flatten",), "start_dim", to("2")),
)
