"""torch.nn.modules: torch's files of layers, put together from the rooms here.

`nn.modules.batchnorm._BatchNorm` and `from torch.nn.modules.utils import _pair` find what they found in torch, private
names included.
"""

from __future__ import annotations

import functools
from importlib import import_module
from types import ModuleType
from typing import Any

from ..missing import refusing

HOMES: dict[str, tuple[str, ...]] = {
    "activation": ("activation", "activation_plain", "softmax", "attention"),
    "adaptive": ("adaptive_softmax",),
    "batchnorm": ("batchnorm", "lazy_norm"),
    "channelshuffle": ("pixel",),
    "container": ("container", "module_list", "parameters"),
    "conv": ("conv", "conv_transpose", "lazy_conv"),
    "distance": ("distance",),
    "dropout": ("dropout",),
    "flatten": ("flatten",),
    "fold": ("fold",),
    "instancenorm": ("instancenorm", "lazy_norm"),
    "lazy": ("lazy",),
    "linear": ("linear", "lazy"),
    "loss": ("loss", "likelihood_loss", "margin_loss", "linear_loss"),
    "module": ("module", "state", "parameter"),
    "normalization": ("norm", "cross_map_norm"),
    "padding": ("pad",),
    "pixelshuffle": ("pixel",),
    "pooling": ("pool", "unpool", "fractional_pool", "adaptive_pool"),
    "rnn": ("rnn", "rnn_base", "rnn_cell"),
    "sparse": ("embedding",),
    "transformer": ("transformer", "transformer_layers"),
    "upsampling": ("upsample",),
    "utils": ("tuples",),
}
"""torch's file → the rooms here that hold what is in it."""

_refuse = refusing("torch.nn.modules")


@functools.cache
def gathered(name: str) -> ModuleType:
    """One file of torch.nn.modules, as a module: `gathered("conv")` has Conv2d, ConvTranspose2d and _ConvNd."""
    file = ModuleType(f"torch.nn.modules.{name}")
    for home in reversed(_rooms(name)):
        vars(file).update({key: value for key, value in vars(home).items() if not key.startswith("__")})
    vars(file)["__getattr__"] = refusing(file.__name__)
    return file


def _rooms(name: str) -> list[ModuleType]:
    return [import_module(f"{__package__}.{home}") for home in HOMES[name]]


def __getattr__(name: str) -> Any:
    if name in HOMES:
        return gathered(name)
    if not name.startswith("_"):
        for room in (room for file in HOMES for room in _rooms(file)):
            if isinstance(vars(room).get(name), type):
                return vars(room)[name]
    return _refuse(name)
