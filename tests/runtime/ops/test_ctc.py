"""CTC loss: against torch; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

CASES = """
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 5), (3, 2), reduction='mean', zero_infinity=False)
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 5), (3, 2), reduction='mean', zero_infinity=True)
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 5), (3, 2), reduction='none', zero_infinity=False)
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 5), (3, 2), reduction='none', zero_infinity=True)
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 5), (0, 3), reduction='mean', zero_infinity=False)
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 5), (0, 3), reduction='mean', zero_infinity=True)
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 5), (0, 3), reduction='none', zero_infinity=False)
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 5), (0, 3), reduction='none', zero_infinity=True)
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 2), (3, 2), reduction='mean', zero_infinity=False)
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 2), (3, 2), reduction='mean', zero_infinity=True)
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 2), (3, 2), reduction='none', zero_infinity=False)
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 2), (3, 2), reduction='none', zero_infinity=True)
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 2), (0, 3), reduction='mean', zero_infinity=False)
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 2), (0, 3), reduction='mean', zero_infinity=True)
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 2), (0, 3), reduction='none', zero_infinity=False)
F.ctc_loss(F.log_softmax(x624, 2), k23 + 1, (6, 2), (0, 3), reduction='none', zero_infinity=True)
F.ctc_loss(F.log_softmax(x624, 2), k5 + 1, t.tensor([6, 5]), t.tensor([3, 2]), reduction='sum')
F.ctc_loss(F.log_softmax(x64, 1), k3 + 1, (6,), (3,))
F.ctc_loss(F.log_softmax(x624, 2), k23, (6, 6), (3, 3), blank=3)
""".strip().splitlines()

ERRORS = """
F.ctc_loss(x523, k22, (6, 5), (2, 2))
F.ctc_loss(x523, k22, (5,), (2, 2))
F.ctc_loss(x523, k22, (5, 5), (3, 2))
F.ctc_loss(x523, k22, (5, 5), (2, 2), blank=4)
""".strip().splitlines()


@pytest.mark.torch
@pytest.mark.parametrize("expression", CASES)
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", ERRORS)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
