"""torch.nn: the layers, containers and parameters; functions are in nn.functional, initial values in nn.init."""

from ..missing import refusing
from . import (
    activation,
    activation_plain,
    adaptive_pool,
    adaptive_softmax,
    attention,
    batchnorm,
    common_types,
    container,
    conv,
    conv_transpose,
    cross_map_norm,
    data_parallel,
    distance,
    dropout,
    embedding,
    flatten,
    fold,
    fractional_pool,
    functional,
    init,
    instancenorm,
    lazy,
    lazy_conv,
    lazy_norm,
    likelihood_loss,
    linear,
    linear_loss,
    loss,
    margin_loss,
    module_list,
    modules,
    norm,
    pad,
    parameter,
    parameters,
    pixel,
    pool,
    rnn,
    rnn_base,
    rnn_cell,
    softmax,
    transformer,
    transformer_layers,
    unpool,
    upsample,
    utils,
)
from .activation import *
from .activation_plain import *
from .adaptive_pool import *
from .adaptive_softmax import *
from .attention import *
from .batchnorm import *
from .container import *
from .conv import *
from .conv_transpose import *
from .cross_map_norm import *
from .data_parallel import *
from .distance import *
from .dropout import *
from .embedding import *
from .flatten import *
from .fold import *
from .fractional_pool import *
from .instancenorm import *
from .lazy import *
from .lazy_conv import *
from .lazy_norm import *
from .likelihood_loss import *
from .linear import *
from .linear_loss import *
from .loss import *
from .margin_loss import *
from .module import Module
from .module_list import *
from .norm import *
from .pad import *
from .parameter import *
from .parameters import *
from .pixel import *
from .pool import *
from .rnn import *
from .rnn_base import *
from .rnn_cell import *
from .softmax import *
from .transformer import *
from .transformer_layers import *
from .unpool import *
from .upsample import *

__all__ = ["Module", "common_types", "functional", "init", "modules", "parameter", "utils"]
__all__ += activation.__all__
__all__ += activation_plain.__all__
__all__ += adaptive_pool.__all__
__all__ += adaptive_softmax.__all__
__all__ += attention.__all__
__all__ += batchnorm.__all__
__all__ += container.__all__
__all__ += conv.__all__
__all__ += conv_transpose.__all__
__all__ += cross_map_norm.__all__
__all__ += data_parallel.__all__
__all__ += distance.__all__
__all__ += dropout.__all__
__all__ += embedding.__all__
__all__ += flatten.__all__
__all__ += fold.__all__
__all__ += fractional_pool.__all__
__all__ += instancenorm.__all__
__all__ += lazy.__all__
__all__ += lazy_conv.__all__
__all__ += lazy_norm.__all__
__all__ += likelihood_loss.__all__
__all__ += linear.__all__
__all__ += linear_loss.__all__
__all__ += loss.__all__
__all__ += margin_loss.__all__
__all__ += module_list.__all__
__all__ += norm.__all__
__all__ += pad.__all__
__all__ += parameter.__all__
__all__ += parameters.__all__
__all__ += pixel.__all__
__all__ += pool.__all__
__all__ += rnn.__all__
__all__ += rnn_base.__all__
__all__ += rnn_cell.__all__
__all__ += softmax.__all__
__all__ += transformer.__all__
__all__ += transformer_layers.__all__
__all__ += unpool.__all__
__all__ += upsample.__all__

__getattr__ = refusing("torch.nn")
