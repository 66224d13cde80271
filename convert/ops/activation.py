"""Rows: activations."""

from __future__ import annotations

from .pair import Pair
from .slot import Full, Slot
from .spelling import Lookalike, OneWay, Spelling, also

_FUNCTION_ONLY = {
    "_stacklevel": "private to torch: where a warning points",
    "dtype": "the module has no dtype; cast the input first",
}
_NO_DIM = "Without dim it is guessed from the rank (0 for ranks 0, 1 and 3, else 1), and torch warns."


def _plain(function: str, module: str, spellings: tuple[Spelling, ...] = ()) -> Pair:
    return Pair(function=function, takes="input", module=module, spellings=spellings)


def _inplace(function: str, module: str, spellings: tuple[Spelling, ...] = (), traps: tuple[str, ...] = ()) -> Pair:
    return Pair(
        function=function,
        takes="input, inplace=False",
        module=module,
        built_by="inplace=False",
        spellings=spellings,
        traps=traps,
    )


def _tuned(
    function: str, module: str, settings: str, spellings: tuple[Spelling, ...] = (), positional: int = 1
) -> Pair:
    return Pair(
        function=function,
        takes=f"input, {settings}",
        module=module,
        built_by=settings,
        spellings=spellings,
        build_positional=positional,
        call_positional=positional + 1,
    )


def _over_dim(function: str, module: str, spellings: tuple[Spelling, ...] = ()) -> Pair:
    return Pair(
        function=function,
        takes="input, dim=None, _stacklevel=3, dtype=None",
        module=module,
        built_by="dim=None",
        function_only=_FUNCTION_ONLY,
        spellings=spellings,
        traps=(_NO_DIM,),
    )


def _in_place(names: str, settings: str = "input") -> tuple[Spelling, ...]:
    return also(names, settings, inplace="True")


_EASY = (
    _inplace(
        "relu",
        "ReLU",
        (*also("torch.relu x.relu", "input"), *_in_place("F.relu_ torch.relu_ x.relu_")),
        ("x.clamp(min=0) is not relu: its gradient at exactly 0 is 1, and that of torch.maximum(x, 0) is 0.5.",),
    ),
    _inplace("relu6", "ReLU6"),
    _inplace("selu", "SELU", (*also("torch.selu", "input"), *_in_place("F.selu_ torch.selu_"))),
    _inplace("silu", "SiLU"),
    _inplace("mish", "Mish"),
    _inplace("hardsigmoid", "Hardsigmoid"),
    _inplace("hardswish", "Hardswish"),
    _plain("torch.sigmoid", "Sigmoid", also("F.sigmoid torch.special.expit x.sigmoid", "input")),
    _plain("torch.tanh", "Tanh", also("F.tanh x.tanh", "input")),
    _plain("logsigmoid", "LogSigmoid"),
    _plain("softsign", "Softsign"),
    _plain("tanhshrink", "Tanhshrink"),
)

_TUNED = (
    _tuned("elu", "ELU", "alpha=1.0, inplace=False", _in_place("F.elu_", "input, alpha=1.0")),
    _tuned(
        "celu",
        "CELU",
        "alpha=1.0, inplace=False",
        (*also("torch.celu", "input, alpha=1.0"), *_in_place("F.celu_ torch.celu_", "input, alpha=1.0")),
    ),
    _tuned(
        "leaky_relu",
        "LeakyReLU",
        "negative_slope=0.01, inplace=False",
        _in_place("F.leaky_relu_", "input, negative_slope=0.01"),
    ),
    _tuned(
        "threshold",
        "Threshold",
        "threshold, value, inplace=False",
        (
            *also("torch.threshold", "input, threshold, value"),
            *_in_place("F.threshold_ torch.threshold_", "input, threshold, value"),
        ),
        positional=2,
    ),
    _tuned("hardshrink", "Hardshrink", "lambd=0.5", also("torch.hardshrink x.hardshrink", "input, lambd=0.5")),
    _tuned("softshrink", "Softshrink", "lambd=0.5"),
    _tuned("glu", "GLU", "dim=-1", positional=0),
    Pair(
        function="softplus",
        takes="input, beta=1, threshold=20",
        module="Softplus",
        built_by="beta=1.0, threshold=20.0",
    ),
    Pair(
        function="gelu",
        takes="input, *, approximate='none'",
        module="GELU",
        built_by="approximate='none'",
        traps=("In the function approximate is passed by name only.",),
    ),
    Pair(
        function="hardtanh",
        takes="input, min_val=-1.0, max_val=1.0, inplace=False",
        module="Hardtanh",
        built_by="min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None",
        ascending=("min_val", "max_val"),
        module_only=dict.fromkeys(("min_value", "max_value"), "an old name: write min_val and max_val"),
        build_positional=2,
        call_positional=3,
        spellings=_in_place("F.hardtanh_", "input, min_val=-1.0, max_val=1.0"),
        traps=("The constructor refuses min_val == max_val; the function takes it.",),
    ),
)

_WITH_STATE = (
    Pair(
        function="prelu",
        takes="input, weight",
        module="PReLU",
        built_by="num_parameters=1, init=0.25, device=None, dtype=None",
        slots=(Slot("weight", "num_parameters", init=Full("init")),),
        build_positional=1,
        spellings=also("torch.prelu x.prelu", "input, weight"),
    ),
    Pair(
        function="rrelu",
        takes="input, lower=0.125, upper=0.3333333333333333, training=False, inplace=False",
        module="RReLU",
        built_by="lower=0.125, upper=0.3333333333333333, inplace=False",
        mode="training",
        build_positional=2,
        call_positional=3,
        spellings=(
            *also("torch.rrelu", "input, lower=0.125, upper=0.3333333333333333, training=False"),
            *_in_place("F.rrelu_ torch.rrelu_", "input, lower=0.125, upper=0.3333333333333333, training=False"),
        ),
        traps=("F.rrelu never draws, unless it is told training=self.training.",),
    ),
)

_SOFT = (
    _over_dim(
        "softmax",
        "Softmax",
        also("torch.softmax torch.special.softmax x.softmax", "input, dim, dtype=None"),
    ),
    _over_dim(
        "log_softmax",
        "LogSoftmax",
        (
            *also("torch.log_softmax x.log_softmax", "input, dim, dtype=None"),
            *also("torch.special.log_softmax", "input, dim, *, dtype=None"),
        ),
    ),
    _over_dim("softmin", "Softmin"),
    Pair(
        function="softmax",
        takes="input, dim=None, _stacklevel=3, dtype=None",
        module="Softmax2d",
        fixed={"dim": ("-3",)},
        function_only=_FUNCTION_ONLY,
        ways="to_function",
        note="nn.Softmax(dim=-3) is the module of that call; Softmax2d checks the rank as well",
    ),
)

PAIRS = (*_EASY, *_TUNED, *_WITH_STATE, *_SOFT)
ONE_WAY = (
    OneWay("gumbel_softmax", "function", "there is no module of it", "keep the function"),
    *(
        OneWay(
            f"torch.{name}_",
            "function",
            f"it works in place, which nn.{name.capitalize()} cannot",
            f"write torch.{name}",
        )
        for name in ("sigmoid", "tanh")
    ),
)

LOOKALIKES = (
    *(
        Lookalike(
            f"torch.{name}",
            name,
            takes,
            tuple({bound: zero, **more} for bound in bounds for zero in ("0", "0.0", "0.") for more in others),
            f"Tensor.{name}(min=0)",
            "it gives the numbers of nn.ReLU, but its gradient at exactly 0 is 1, and that of nn.ReLU is 0",
            "write F.relu, if that is what is meant",
        )
        for name, takes, bounds, others in (
            ("clamp", "input, min=None, max=None", ("min",), ({}, {"max": "None"})),
            ("clip", "input, min=None, max=None", ("min",), ({}, {"max": "None"})),
            ("clamp_min", "input, min", ("min",), ({},)),
            ("clamp_", "input, min=None, max=None", ("min",), ({}, {"max": "None"})),
            ("clip_", "input, min=None, max=None", ("min",), ({}, {"max": "None"})),
            ("clamp_min_", "input, min", ("min",), ({},)),
        )
    ),
    *(
        Lookalike(
            "",
            f"{name}_",
            "input",
            ({},),
            f"Tensor.{name}_",
            f"it works in place, which nn.{name.capitalize()} cannot",
            f"write torch.{name}",
        )
        for name in ("sigmoid", "tanh")
    ),
)
