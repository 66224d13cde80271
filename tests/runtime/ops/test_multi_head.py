"""multi_head_attention_forward: against torch and central differences; torch's errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest

SMOOTH = """
F.multi_head_attention_forward(x538, y438, y438, 8, 2, z388.reshape(24, 8) * 0.3, w8.repeat(3), None, None, False, 0.0, z88, z8)
F.multi_head_attention_forward(x538, y438, y438, 8, 2, z388.reshape(24, 8) * 0.3, w8.repeat(3), None, None, False, 0.0, z88, z8, need_weights=False)
F.multi_head_attention_forward(x538, y438, y438, 8, 2, z388.reshape(24, 8) * 0.3, w8.repeat(3), None, None, False, 0.0, z88, z8, average_attn_weights=False)
F.multi_head_attention_forward(x538, y438, y438, 8, 2, z388.reshape(24, 8) * 0.3, w8.repeat(3), None, None, False, 0.0, z88, z8, attn_mask=y54)
F.multi_head_attention_forward(x538, y438, y438, 8, 2, z388.reshape(24, 8) * 0.3, w8.repeat(3), None, None, False, 0.0, z88, z8, attn_mask=y54, need_weights=False)
F.multi_head_attention_forward(x538, y438, y438, 8, 2, z388.reshape(24, 8) * 0.3, w8.repeat(3), None, None, False, 0.0, z88, z8, attn_mask=b54 & False)
F.multi_head_attention_forward(x538, y438, y438, 8, 2, z388.reshape(24, 8) * 0.3, w8.repeat(3), None, None, False, 0.0, z88, z8, key_padding_mask=b34 & (t.arange(4) > 0))
F.multi_head_attention_forward(x538, y438, y438, 8, 2, z388.reshape(24, 8) * 0.3, w8.repeat(3), None, None, False, 0.0, z88, z8, key_padding_mask=b34 & (t.arange(4) > 0), need_weights=False)
F.multi_head_attention_forward(x538, y438, y438, 8, 2, z388.reshape(24, 8) * 0.3, w8.repeat(3), None, None, False, 0.0, z88, z8, attn_mask=w654)
F.multi_head_attention_forward(x538, x538, x538, 8, 2, z388.reshape(24, 8) * 0.3, None, y118, z118, True, 0.0, z88, None)
F.multi_head_attention_forward(x58, x58, x58, 8, 2, z388.reshape(24, 8) * 0.3, None, None, None, False, 0.0, z88, z8)
F.multi_head_attention_forward(x538, y436, z437, 8, 2, None, None, None, None, False, 0.0, z88, z8, use_separate_proj_weight=True, q_proj_weight=x88, k_proj_weight=x86, v_proj_weight=x87)
""".strip().splitlines()  # noqa: E501

ERRORS = """
F.multi_head_attention_forward(x538, y438, y438, 7, 2, z388.reshape(24, 8) * 0.3, None, None, None, False, 0.0, z88, z8)
F.multi_head_attention_forward(x538, y438, y438, 8, 3, z388.reshape(24, 8) * 0.3, None, None, None, False, 0.0, z88, z8)
F.multi_head_attention_forward(x538, y438, y538, 8, 2, z388.reshape(24, 8) * 0.3, None, None, None, False, 0.0, z88, z8)
F.multi_head_attention_forward(x538, y438, y438, 8, 2, z388.reshape(24, 8) * 0.3, None, None, None, False, 0.0, z88, z8, attn_mask=y45)
""".strip().splitlines()  # noqa: E501


@pytest.mark.torch
@pytest.mark.parametrize("expression", SMOOTH)
def test_agrees_with_torch(expression: str, agrees: Callable[..., None]) -> None:
    agrees(expression)


@pytest.mark.parametrize("expression", SMOOTH)
def test_slopes_are_the_differences(expression: str, slopes: Callable[[str], None]) -> None:
    slopes(expression)


@pytest.mark.torch
@pytest.mark.parametrize("expression", ERRORS)
def test_raises_what_torch_raises(expression: str, same_error: Callable[[str], None]) -> None:
    same_error(expression)
