"""`torch.linalg`: re-exports."""

from .missing import refusing
from .numpy_words import speak_numpy
from .ops.factors import eigh, eigvalsh, svdvals
from .ops.factors import linalg_qr as qr
from .ops.factors import linalg_svd as svd
from .ops.least_squares import lstsq, matrix_rank, pinv
from .ops.linalg import LinAlgError, det, inv, matrix_power, slogdet, solve
from .ops.linalg_products import cross, diagonal, matmul, multi_dot, vecdot
from .ops.triangular import linalg_cholesky as cholesky
from .ops.triangular import solve_triangular
from .ops.vector_norm import linalg_norm as norm
from .ops.vector_norm import matrix_norm, vector_norm

__all__ = [
    "LinAlgError", "cholesky", "cross", "det", "diagonal", "eigh", "eigvalsh", "inv", "lstsq", "matmul", "matrix_norm",
    "matrix_power", "matrix_rank", "multi_dot", "norm", "pinv", "qr", "slogdet", "solve", "solve_triangular", "svd",
    "svdvals", "vecdot", "vector_norm",
]  # fmt: skip

speak_numpy(globals())
del speak_numpy

__getattr__ = refusing("torch.linalg")
