"""Rows: dropout."""

from __future__ import annotations

from .pair import Pair
from .spelling import Spelling, also

_IGNORED = {"inplace": "the module takes inplace and ignores it: its call is never in place"}
_ALWAYS_ON = "F.{} drops whatever the mode of the model, unless it is told training=self.training."


def _bare(name: str) -> tuple[Spelling, ...]:
    settings = "input, p, training"
    return (*also(f"torch.{name}", settings), *also(f"torch.{name}_", settings, inplace="True"))


def _dropout(name: str) -> Pair:
    return Pair(
        function=name,
        takes="input, p=0.5, training=True, inplace=False",
        module=name.capitalize(),
        built_by="p=0.5, inplace=False",
        mode="training",
        build_positional=1,
        call_positional=2,
        spellings=_bare(name) if name == "dropout" else (),
        traps=(_ALWAYS_ON.format(name),),
    )


def _alpha(name: str, module: str) -> Pair:
    return Pair(
        function=name,
        takes="input, p=0.5, training=False, inplace=False",
        module=module,
        built_by="p=0.5, inplace=False",
        mode="training",
        function_only=_IGNORED,
        module_only=_IGNORED,
        build_positional=1,
        call_positional=2,
        spellings=_bare(name),
        traps=(f"F.{name} never drops, unless it is told training=self.training.",),
    )


PAIRS = (
    *(_dropout(name) for name in ("dropout", "dropout1d", "dropout2d", "dropout3d")),
    _alpha("alpha_dropout", "AlphaDropout"),
    _alpha("feature_alpha_dropout", "FeatureAlphaDropout"),
)
ONE_WAY = ()
