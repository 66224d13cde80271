"""torch.nn.functional: re-exports of the functions in runtime/ops, nothing else.

Each file there says by its `__all__` what it gives.
"""

from ..missing import refusing as _refusing
from ..ops.activation import *
from ..ops.adaptive_pool import *
from ..ops.affine_grid import *
from ..ops.attention import *
from ..ops.avg_pool import *
from ..ops.conv import *
from ..ops.conv_tbc import *
from ..ops.conv_transpose import *
from ..ops.ctc import *
from ..ops.distance import *
from ..ops.dropout import *
from ..ops.embedding import *
from ..ops.embedding_bag import *
from ..ops.fold import *
from ..ops.fractional_pool import *
from ..ops.grid import *
from ..ops.grouped import *
from ..ops.gumbel import *
from ..ops.interpolate import *
from ..ops.likelihood import *
from ..ops.linear import *
from ..ops.linear_cross_entropy import *
from ..ops.loss import *
from ..ops.lp_pool import *
from ..ops.margin_loss import *
from ..ops.max_pool import *
from ..ops.max_unpool import *
from ..ops.multi_head import *
from ..ops.nll import *
from ..ops.norm import *
from ..ops.one_hot import *
from ..ops.pad import *
from ..ops.pixel import *
from ..ops.row_norm import *
from ..ops.rrelu import *
from ..ops.smooth import *
from ..ops.softmax import *
from ..ops.upsample import *

__getattr__ = _refusing("torch.nn.functional")
