"""torch.nn.modules: torch's files of layers, put together from the rooms here.

`nn.modules.batchnorm._BatchNorm` and `from torch.nn.modules.utils import _pair` find what they found in torch, private
names included.
"""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any

from ..missing import refusing
from . import (
    activation,
    activation_plain,
    adaptive_pool,
    attention,
    batchnorm,
    container,
    conv,
    conv_transpose,
    cross_map_norm,
    distance,
    dropout,
    embedding,
    flatten,
    fold,
    instancenorm,
    lazy,
    lazy_conv,
    lazy_norm,
    linear,
    loss,
    margin_loss,
    module,
    norm,
    pad,
    parameter,
    parameters,
    pixel,
    pool,
    rnn,
    rnn_cell,
    state,
    transformer,
    transformer_layers,
    tuples,
    upsample,
)

HOMES: dict[str, tuple[ModuleType, ...]] = {
    "activation": (activation, activation_plain, attention),
    "batchnorm": (batchnorm, lazy_norm),
    "channelshuffle": (pixel,),
    "container": (container, parameters),
    "conv": (conv, conv_transpose, lazy_conv),
    "distance": (distance,),
    "dropout": (dropout,),
    "flatten": (flatten,),
    "fold": (fold,),
    "instancenorm": (instancenorm, lazy_norm),
    "lazy": (lazy,),
    "linear": (linear, lazy),
    "loss": (loss, margin_loss),
    "module": (module, state, parameter),
    "normalization": (norm, cross_map_norm),
    "padding": (pad,),
    "pixelshuffle": (pixel,),
    "pooling": (pool, adaptive_pool),
    "rnn": (rnn, rnn_cell),
    "sparse": (embedding,),
    "transformer": (transformer, transformer_layers),
    "upsampling": (upsample,),
    "utils": (tuples,),
}
"""torch's file → the rooms here that hold what is in it."""

_refuse = refusing("torch.nn.modules")


@functools.cache
def gathered(name: str) -> ModuleType:
    """One file of torch.nn.modules, as a module: `gathered("conv")` has Conv2d, ConvTranspose2d and _ConvNd."""
    file = ModuleType(f"torch.nn.modules.{name}")
    for home in reversed(HOMES[name]):
        vars(file).update({key: value for key, value in vars(home).items() if not key.startswith("__")})
    vars(file)["__getattr__"] = refusing(file.__name__)
    return file


def __getattr__(name: str) -> Any:
    if name in HOMES:
        return gathered(name)
    for home in (home for homes in HOMES.values() for home in homes):
        if not name.startswith("_") and isinstance(vars(home).get(name), type):
            return vars(home)[name]
    return _refuse(name)
