"""`torch.special`: re-exports, and the few names of its own."""

from .missing import refusing
from .numpy_words import speak_numpy
from .ops.binary import xlogy
from .ops.elementwise import exp2, expm1, log1p, logit, sinc
from .ops.error_functions import digamma, entr, erf, erfc, erfinv, ndtr, polygamma
from .ops.error_functions import lgamma as gammaln
from .ops.more_special import erfcx, i0, i0e, i1, i1e, log_ndtr, ndtri, xlog1py
from .ops.reduce import logsumexp
from .ops.rounding import round
from .ops.smooth import sigmoid as expit
from .ops.softmax import log_softmax, softmax

psi = digamma

__all__ = [
    "digamma", "entr", "erf", "erfc", "erfcx", "erfinv", "exp2", "expit", "expm1", "gammaln", "i0", "i0e", "i1",
    "i1e", "log1p", "log_ndtr", "log_softmax", "logit", "logsumexp", "ndtr", "ndtri", "polygamma", "psi", "round",
    "sinc", "softmax", "xlog1py", "xlogy",
]  # fmt: skip

speak_numpy(globals())
del speak_numpy

__getattr__ = refusing("torch.special")
