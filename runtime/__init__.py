"""numpy torch: looks like `torch` at the top level; `with install(): import torch` makes it that.

Everything is written in the rooms below; here it is only gathered, and methods are hung on Tensor.
"""

# ruff: noqa: F401, I001 - this file is the list of names, kept as a table
# fmt: off

import math

from . import (
    accelerator, amp, autograd, backends, compiler, cuda, distributed, distributions, fft, func, fx, hub, jit, linalg,
    methods, nn, onnx, optim, profiler, random, serialization, special, version,
)
from . import accelerator as mps, accelerator as xpu, compiler as _dynamo, internals as _C, processes as multiprocessing
from .amp import (
    autocast, clear_autocast_cache, get_autocast_cpu_dtype, get_autocast_dtype, get_autocast_gpu_dtype,
    is_autocast_cache_enabled, is_autocast_cpu_enabled, is_autocast_enabled,
)
from .cuda import OutOfMemoryError
from .as_torch import install
from .dtypes import bool_ as bool, float32 as float, int32 as int
from .dtypes import (
    bfloat16, cdouble, cfloat, complex64, complex128, double, dtype, finfo, float16, float32, float64,
    get_default_dtype, half, iinfo, int8, int16, int32, int64, long, set_default_dtype, short, uint8, uint16, uint32,
    uint64,
)
from .missing import refusing
from .numpy_words import OF_PYTHON, speak_numpy
from .ops.adaptive_pool import adaptive_max_pool1d_with_indices as adaptive_max_pool1d
from .tensor import Tensor
from .creation import (
    empty, empty_like, empty_strided, eye, full, full_like, ones, ones_like, scalar_tensor, tril_indices, triu_indices,
    zeros, zeros_like,
)
from .device import device
from .flags import itself as resolve_conj, itself as resolve_neg
from .foreach import FOREACH
from .formats import (
    channels_last, channels_last_3d, contiguous_format, layout, legacy_contiguous_format, memory_format,
    preserve_format, strided,
)
from .from_data import _shape_as_tensor, as_tensor, asarray, from_numpy, frombuffer, tensor
from .grad_mode import (
    enable_grad, inference_mode, is_grad_enabled, is_inference_mode_enabled, no_grad, set_grad_enabled,
)
from .inplace import fill_, zero_
from .legacy import (
    BoolTensor, ByteTensor, CharTensor, DoubleTensor, FloatTensor, HalfTensor, IntTensor, LongTensor, ShortTensor,
)
from .native import (
    batch_norm, binary_cross_entropy_with_logits, cosine_embedding_loss, embedding, group_norm, hinge_embedding_loss,
    instance_norm, kl_div, layer_norm, log_softmax, margin_ranking_loss, poisson_nll_loss, rrelu, softmax,
    triplet_margin_loss,
)
from .ops.activation import celu, celu_, hardshrink, prelu, relu, relu_, selu, selu_, threshold, threshold_
from .ops.adaptive_pool import adaptive_avg_pool1d
from .ops.arithmetic import (
    add, addcdiv, addcmul, div, divide, float_power, floor_divide, fmod, lerp, mul, multiply, pow, remainder, rsub, sub,
    subtract, true_divide,
)
from .ops.avg_pool import avg_pool1d
from .ops.axes import moveaxis, movedim, permute, swapaxes, swapdims, t, transpose
from .ops.binary import (
    arctan2, atan2, copysign, gcd, heaviside, hypot, lcm, ldexp, logaddexp, logaddexp2, nextafter, xlogy,
)
from .ops.compare import (
    allclose, bitwise_and, bitwise_left_shift, bitwise_not, bitwise_or, bitwise_right_shift, bitwise_xor, eq, equal, ge,
    greater, greater_equal, gt, is_nonzero, isclose, isfinite, isinf, isnan, isneginf, isposinf, isreal, le, less,
    less_equal, logical_and, logical_not, logical_or, logical_xor, lt, ne, not_equal,
)
from .ops.complex import angle, complex, conj, imag, polar, real, view_as_complex, view_as_real
from .ops.conv import conv1d, conv2d, conv3d
from .ops.conv_tbc import conv_tbc
from .ops.conv_transpose import conv_transpose1d, conv_transpose2d, conv_transpose3d
from .ops.ctc import ctc_loss
from .ops.distance import cosine_similarity, pairwise_distance, pdist
from .ops.einsum import einsum, inner, tensordot
from .ops.elementwise import (
    abs, absolute, acos, acosh, arccos, arccosh, arcsin, arcsinh, arctan, arctanh, asin, asinh, atan, atanh, cos, cosh,
    deg2rad, exp, exp2, expm1, log, log10, log1p, log2, logit, neg, negative, positive, rad2deg, reciprocal, rsqrt, sin,
    sinc, sinh, sqrt, square, tan,
)
from .ops.embedding_bag import embedding_bag
from .ops.error_functions import digamma, erf, erfc, erfinv, lgamma, polygamma
from .ops.extrema import (
    argwhere, clamp, clamp_max, clamp_min, clip, fmax, fmin, masked_fill, maximum, minimum, nonzero, where,
)
from .ops.extreme import amax, amin, aminmax, argmax, argmin, kthvalue, max, median, min, mode, nanmedian
from .ops.factors import qr, svd
from .ops.gather import gather, take_along_dim
from .ops.index import index_put
from .ops.index_select import index_add, index_copy, index_fill, index_select
from .ops.join import (
    atleast_1d, atleast_2d, atleast_3d, block_diag, cartesian_prod, cat, column_stack, concat, concatenate, dstack,
    hstack, meshgrid, repeat_interleave, row_stack, stack, tile, vstack,
)
from .ops.least_squares import lstsq, matrix_rank, pinverse
from .ops.linalg import det, inverse, logdet, matrix_power, slogdet, solve, trace
from .ops.linear import bilinear
from .ops.masked import masked_scatter, masked_select, take
from .ops.masking import (
    alpha_dropout, alpha_dropout_, dropout, dropout_, feature_alpha_dropout, feature_alpha_dropout_, feature_dropout,
    feature_dropout_,
)
from .ops.matmul import addbmm, addmm, addmv, addr, baddbmm, bmm, dot, ger, matmul, mm, mv, outer, vdot
from .ops.matmul import mm as spmm
from .ops.max_pool import max_pool1d, max_pool1d_with_indices, max_pool2d, max_pool3d
from .ops.memory import clone, is_complex, is_floating_point, is_same_size, is_signed, numel
from .ops.more_special import i0
from .ops.parts import chunk, dsplit, hsplit, narrow, select, split, split_with_sizes, tensor_split, unbind, vsplit
from .ops.pixel import channel_shuffle, native_channel_shuffle, pixel_shuffle, pixel_unshuffle
from .ops.products import chain_matmul, cross, kron
from .ops.reduce import logsumexp, mean, nanmean, nansum, prod, std, std_mean, sum, var, var_mean
from .ops.rnn import gru, gru_cell, lstm, lstm_cell, rnn_relu, rnn_relu_cell, rnn_tanh, rnn_tanh_cell
from .ops.rounding import ceil, fix, floor, frac, nan_to_num, round, sgn, sign, signbit, trunc
from .ops.row_norm import rms_norm
from .ops.rrelu import rrelu_
from .ops.scan import cummax, cummin, cumprod, cumsum, diff, logcumsumexp
from .ops.scatter import scatter, scatter_add, scatter_reduce
from .ops.shape import (
    broadcast_shapes, broadcast_tensors, broadcast_to, flatten, ravel, reshape, squeeze, unflatten, unsqueeze,
)
from .ops.sized import fill, resize_as_
from .ops.smooth import sigmoid, tanh
from .ops.sort import (
    argsort, bincount, bucketize, histc, isin, msort, searchsorted, sort, topk, unique, unique_consecutive,
)
from .ops.statistics import combinations, corrcoef, cov, cumulative_trapezoid, nanquantile, quantile, trapezoid, trapz
from .ops.stft import istft, stft
from .ops.strided import as_strided, diag, diag_embed, diagflat, diagonal, tril, triu
from .ops.triangular import cholesky, cholesky_inverse, cholesky_solve
from .ops.truth import all, any, count_nonzero
from .ops.turn import flip, fliplr, flipud, roll, rot90
from .ops.vector_norm import cdist, dist, norm
from .ops.written import diagonal_scatter, select_scatter, slice_scatter
from .printing import set_printoptions
from .promotion import can_cast, promote_types, result_type
from .random import (
    Generator, bernoulli, default_generator, get_rng_state, initial_seed, manual_seed, multinomial, normal, poisson,
    rand, rand_like, randint, randint_like, randn, randn_like, randperm, seed, set_rng_state,
)
from .ranges import arange, linspace, logspace, range
from .serialization import load, save
from .settings import (
    _assert, _assert_async, _check, are_deterministic_algorithms_enabled, compile, get_default_device,
    get_device_module, get_float32_matmul_precision, get_num_interop_threads, get_num_threads, is_storage, is_tensor,
    set_default_device, set_default_tensor_type, set_float32_matmul_precision, set_num_interop_threads, set_num_threads,
    typename, use_deterministic_algorithms,
)
from .size import Size
from .window_functions import bartlett_window, blackman_window, hamming_window, hann_window, kaiser_window

from .version import __version__

inf, nan, pi, e = math.inf, math.nan, math.pi, math.e
newaxis = None

globals().update(FOREACH)
del FOREACH

speak_numpy(globals(), but=OF_PYTHON | {"install"})
del speak_numpy, OF_PYTHON

__getattr__ = refusing("torch")
