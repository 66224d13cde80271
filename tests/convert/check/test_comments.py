"""`# nnflip: ignore[…]`: which findings a comment silences, and which it does not."""

from __future__ import annotations

import pytest

from nnflip.convert import check_source

NET = """\
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def forward(self, x):
        return F.dropout(x, 0.2){comment}
"""
TOLD = ["NF301"]

STILL_TOLD = {
    "no comment": "",
    "another code": "  # nnflip: ignore[NF307]",
    "a word that names no code": "  # nnflip: ignore[dropout]",
    "no codes in the brackets": "  # nnflip: ignore[]",
    "another tool's comment": "  # noqa: NF301",
    "another word": "  # nnflip: ignored",
    "a comment on the next line": "\n        # nnflip: ignore",
}
SILENT = {
    "bare": "  # nnflip: ignore",
    "by code": "  # nnflip: ignore[NF301]",
    "by the beginning of codes": "  # nnflip: ignore[NF3]",
    "by slug": "  # nnflip: ignore[dropout-always-on]",
    "among others": "  #nnflip:ignore[NF307, nf301]",
    "after another comment": "  # noqa  # nnflip: ignore[NF301] on purpose",
}


@pytest.mark.parametrize("comment", STILL_TOLD.values(), ids=STILL_TOLD)
def test_told_all_the_same(comment: str) -> None:
    assert [found.code for found in check_source(NET.format(comment=comment))] == TOLD


@pytest.mark.parametrize("comment", SILENT.values(), ids=SILENT)
def test_silent(comment: str) -> None:
    assert check_source(NET.format(comment=comment)) == ()


def test_a_comment_in_a_string_is_none() -> None:
    text = NET.format(comment=", '# nnflip: ignore'")
    assert [found.code for found in check_source(text)] == TOLD


def test_at_the_end_of_a_statement_it_speaks_of_all_its_lines() -> None:
    text = NET.replace("F.dropout(x, 0.2)", "(\n            F.dropout(x, 0.2) + F.softmax(x)\n        )")
    assert [found.code for found in check_source(text.format(comment=""))] == ["NF301", "NF307"]
    assert check_source(text.format(comment="  # nnflip: ignore")) == ()
    assert [found.code for found in check_source(text.format(comment="  # nnflip: ignore[NF307]"))] == TOLD
