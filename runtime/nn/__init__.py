"""torch.nn: the layers, containers and parameters; functions are in nn.functional, initial values in nn.init."""

from ..missing import refusing
from . import (
    adaptive_softmax,
    attention,
    common_types,
    container,
    data_parallel,
    distance,
    functional,
    init,
    layers,
    likelihood_loss,
    linear_loss,
    loss,
    margin_loss,
    module_list,
    modules,
    parameter,
    parameters,
    quantized,
    rnn,
    rnn_base,
    rnn_cell,
    transformer,
    transformer_layers,
    utils,
)
from .adaptive_softmax import *
from .attention import *
from .container import *
from .data_parallel import *
from .distance import *
from .layers import *
from .likelihood_loss import *
from .linear_loss import *
from .loss import *
from .margin_loss import *
from .module import Module
from .module_list import *
from .parameter import *
from .parameters import *
from .rnn import *
from .rnn_base import *
from .rnn_cell import *
from .transformer import *
from .transformer_layers import *

__all__ = ["Module", "common_types", "functional", "init", "modules", "parameter", "quantized", "utils"]
__all__ += adaptive_softmax.__all__
__all__ += attention.__all__
__all__ += container.__all__
__all__ += data_parallel.__all__
__all__ += distance.__all__
__all__ += layers.__all__
__all__ += likelihood_loss.__all__
__all__ += linear_loss.__all__
__all__ += loss.__all__
__all__ += margin_loss.__all__
__all__ += module_list.__all__
__all__ += parameter.__all__
__all__ += parameters.__all__
__all__ += rnn.__all__
__all__ += rnn_base.__all__
__all__ += rnn_cell.__all__
__all__ += transformer.__all__
__all__ += transformer_layers.__all__

__getattr__ = refusing("torch.nn")
