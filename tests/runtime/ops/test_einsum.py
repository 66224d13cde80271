"""Einsum in all its forms: against torch, gradients included, and against central differences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
t.einsum('ij,jk->ik', x34, y45)
t.einsum('ij,jk', x34, y45)
t.einsum('bij,bjk->bik', x234, y245)
t.einsum('bhid,bhjd->bhij', x2345, y2325)
t.einsum('ii', x44)
t.einsum('ii->i', x44)
t.einsum('ij->ji', x34)
t.einsum('ij->', x34)
t.einsum('ij->j', x34)
t.einsum('i,j->ij', x3, y4)
t.einsum('...ij,...jk->...ik', x234, y45)
t.einsum('i...,...j', x23, y34)
t.einsum('...i->...', x345)
t.einsum('ij,ij->i', x34, y34)
t.einsum('ij,j,i->', x34, y4, z3)
t.einsum('abc,cd,be->ade', x345, y52, z43)
t.einsum('iij,jk->ik', x334, y45)
t.einsum('ij,j', x34, y1)
t.einsum(' ij , jk -> ki ', x34, y45)
t.einsum(x34, [0, 1], y45, [1, 2], [0, 2])
t.einsum(x34, [0, 1], y45, [1, 2])
t.einsum(x234, [..., 0, 1], y45, [1, 2], [..., 2, 0])
t.einsum('Ba', x23)
t.einsum('nchw,oc->nohw', x2322, y43)
t.einsum('ij,kl->', x34, y22)
t.einsum('...,...->...', x34, y4)
t.einsum('ij,ij->ij', x34, x34)
t.einsum('bn,anm,bm->ba', x23, y534, z24)
""".strip().splitlines()

OTHER = """
t.einsum('ij,jk', i34, i34.t())
t.einsum('ij->i', t.zeros(2, 0))
t.einsum('ij,jk', t.zeros(2, 0), t.zeros(0, 3))
""".strip().splitlines()

WRONG = """
t.einsum('ij->k', x22)
t.einsum('ijk->k', x22)
t.einsum('i->ii', x2)
t.einsum('i,j', x2)
t.einsum('i', x2, y2)
t.einsum('i1', x22)
t.einsum('ii', x23)
t.einsum('ij,jk', x23, y23)
t.einsum('ij,jk', x23, i34)
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", SMOOTH + OTHER)
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", SMOOTH)
def test_has_the_slope_of_its_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", WRONG)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
