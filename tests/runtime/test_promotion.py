"""Promotion and dtypes against torch, all of them; a few facts that hold without it."""

from __future__ import annotations

import itertools
import pickle

import pytest

import nnflip.runtime as runtime

NAMES = [
    "bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64", "complex64",
    "complex128",
]  # fmt: skip
STORED = [name for name in NAMES if name != "bfloat16"]


def test_categories_come_before_widths():
    assert runtime.promote_types(runtime.int64, runtime.float16) is runtime.float16
    assert runtime.promote_types(runtime.uint8, runtime.int8) is runtime.int16
    assert (runtime.ones(2, dtype=runtime.int64) * 1.5).dtype is runtime.float32


def test_unsigned_wide_types_do_not_promote():
    with pytest.raises(RuntimeError, match="attempted to promote UInt16 and Char"):
        runtime.promote_types(runtime.uint16, runtime.int8)


def test_dtypes_print_pickle_and_have_aliases():
    assert repr(runtime.float32) == "torch.float32"
    assert pickle.loads(pickle.dumps(runtime.bool)) is runtime.bool
    assert runtime.long is runtime.int64
    assert runtime.float is runtime.float32
    assert repr(runtime.Size([2, 3])[:1] + runtime.Size([4])) == "torch.Size([2, 4])"


def test_bfloat16_is_a_name_without_storage():
    with pytest.raises(RuntimeError, match="bfloat16"):
        runtime.ones(2).to(runtime.bfloat16)


def test_default_dtype_is_that_of_python_floats():
    runtime.set_default_dtype(runtime.float64)
    try:
        assert (runtime.ones(2, dtype=runtime.int64) / 2).dtype is runtime.float64
    finally:
        runtime.set_default_dtype(runtime.float32)
    with pytest.raises(TypeError, match="only floating-point types"):
        runtime.set_default_dtype(runtime.int32)


@pytest.mark.torch
def test_lattice_casts_and_limits_are_torchs(torch):
    for one, other in itertools.product(NAMES, NAMES):
        expected = str(torch.promote_types(getattr(torch, one), getattr(torch, other)))
        assert repr(runtime.promote_types(getattr(runtime, one), getattr(runtime, other))) == expected
        castable = torch.can_cast(getattr(torch, one), getattr(torch, other))
        assert runtime.can_cast(getattr(runtime, one), getattr(runtime, other)) == castable
    for name in ("float16", "bfloat16", "float32", "float64"):
        ours, theirs = runtime.finfo(getattr(runtime, name)), torch.finfo(getattr(torch, name))
        for field in ("bits", "eps", "max", "min", "tiny", "smallest_normal", "resolution"):
            assert getattr(ours, field) == pytest.approx(getattr(theirs, field), rel=1e-12), (name, field)
    for name in ("uint8", "int8", "int64"):
        assert repr(runtime.iinfo(getattr(runtime, name))) == repr(torch.iinfo(getattr(torch, name)))
    for name in NAMES:
        ours, theirs = getattr(runtime, name), getattr(torch, name)
        for field in ("itemsize", "is_floating_point", "is_complex", "is_signed"):
            assert getattr(ours, field) == getattr(theirs, field)


@pytest.mark.torch
def test_sums_of_tensors_scalars_and_numbers_have_torchs_dtype(torch):
    def operands(library):
        shaped = [library.ones(2, dtype=getattr(library, name)) for name in STORED]
        single = [library.ones((), dtype=getattr(library, name)) for name in STORED]
        return [*shaped, *single, True, 2, 1.5, 1j]

    for (x, y), (x_, y_) in zip(
        itertools.product(operands(torch), repeat=2), itertools.product(operands(runtime), repeat=2), strict=True
    ):
        half_complex = {str(getattr(one, "dtype", type(one))) for one in (x, y)} >= {"torch.float16"} and any(
            isinstance(one, complex) or getattr(one, "is_complex", bool)() for one in (x, y)
        )  # complex32, which numpy has not
        if not half_complex and (isinstance(x, torch.Tensor) or isinstance(y, torch.Tensor)):
            assert repr((x_ + y_).dtype) == str((x + y).dtype), (x, y)
            assert repr((x_ * y_).dtype) == str((x * y).dtype), (x, y)
            assert (x_ * y_).tolist() == (x * y).tolist(), (x, y)


@pytest.mark.torch
def test_in_place_results_that_do_not_fit_are_refused_as_in_torch(torch):
    for one, other in itertools.product(STORED, STORED):

        def changed(library, one=one, other=other):
            x = library.ones(2, dtype=getattr(library, one))
            try:
                return str(x.add_(library.ones(2, dtype=getattr(library, other))).dtype)
            except RuntimeError as error:
                return str(error)

        assert changed(runtime) == changed(torch)
