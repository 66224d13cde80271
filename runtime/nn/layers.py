"""The single layers of torch.nn, gathered: convolutions, norms, activations, pooling, padding, embedding, dropout."""

from __future__ import annotations

from . import (
    activation,
    activation_plain,
    adaptive_pool,
    batchnorm,
    conv,
    conv_transpose,
    cross_map_norm,
    dropout,
    embedding,
    flatten,
    fold,
    fractional_pool,
    instancenorm,
    lazy,
    lazy_conv,
    lazy_norm,
    linear,
    norm,
    pad,
    pixel,
    pool,
    softmax,
    unpool,
    upsample,
)
from .activation import *
from .activation_plain import *
from .adaptive_pool import *
from .batchnorm import *
from .conv import *
from .conv_transpose import *
from .cross_map_norm import *
from .dropout import *
from .embedding import *
from .flatten import *
from .fold import *
from .fractional_pool import *
from .instancenorm import *
from .lazy import *
from .lazy_conv import *
from .lazy_norm import *
from .linear import *
from .norm import *
from .pad import *
from .pixel import *
from .pool import *
from .softmax import *
from .unpool import *
from .upsample import *

__all__: list[str] = []
__all__ += activation.__all__
__all__ += activation_plain.__all__
__all__ += adaptive_pool.__all__
__all__ += batchnorm.__all__
__all__ += conv.__all__
__all__ += conv_transpose.__all__
__all__ += cross_map_norm.__all__
__all__ += dropout.__all__
__all__ += embedding.__all__
__all__ += flatten.__all__
__all__ += fold.__all__
__all__ += fractional_pool.__all__
__all__ += instancenorm.__all__
__all__ += lazy.__all__
__all__ += lazy_conv.__all__
__all__ += lazy_norm.__all__
__all__ += linear.__all__
__all__ += norm.__all__
__all__ += pad.__all__
__all__ += pixel.__all__
__all__ += pool.__all__
__all__ += softmax.__all__
__all__ += unpool.__all__
__all__ += upsample.__all__
