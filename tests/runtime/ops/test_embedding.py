"""Table look-ups: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.embedding(k34, x63)
F.embedding(k_, x63)
F.embedding_bag(k34, x63)
F.embedding_bag(k34, x63, mode='sum')
F.embedding_bag(k9, x63, t.tensor([0, 2, 2, 5]))
F.embedding_bag(k9, x63, t.tensor([0, 2, 2, 5]), mode='max')
F.embedding_bag(k9, x63, t.tensor([0, 2, 2, 5, 9]), include_last_offset=True)
F.embedding_bag(k34, x63, padding_idx=1)
F.embedding_bag(k34, x63, mode='sum', per_sample_weights=y34)
""".strip().splitlines()

KINKED = """
F.embedding(k34, x63, padding_idx=1)
F.embedding(k34, x63, padding_idx=-5)
F.embedding(k34, x63, scale_grad_by_freq=True)
F.embedding_bag(k34, x63, scale_grad_by_freq=True, mode='sum')
(lambda w: (F.embedding(k34, w, max_norm=0.5), w))(x63.detach().clone())
F.one_hot(k34)
F.one_hot(k34, 7)
""".strip().splitlines()

ERRORS = """
F.embedding(x2, y34)
F.embedding(k2 + 5, y34)
F.embedding(k2 - 5, y34)
F.embedding(k2, y34, padding_idx=5)
F.embedding(k2, y3)
F.embedding_bag(k2, y34)
F.embedding_bag(k2, y34, t.tensor([1]))
F.embedding_bag(k2, y34, t.tensor([0]), mode='foo')
F.embedding_bag(k2, y34, t.tensor([0]), per_sample_weights=x2)
F.embedding_bag(k2, y34, t.tensor([0]), mode='sum', per_sample_weights=x3)
F.embedding_bag(k222, y34)
F.one_hot(k3 - 5)
F.one_hot(k3 + 5, 2)
F.one_hot(x3)
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", [*SMOOTH, *KINKED])
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", SMOOTH)
def test_slopes_are_the_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", ERRORS)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
