"""A base from another file that a class asks to initialise itself: it may walk over every layer of the model."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = """{imports}

class Attention(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.query = nn.Linear(size, size)

    def forward(self, x):
        return self.query(x)


class Base({base}):
    {body}


class Model(Base):
    def __init__(self, size):
        super().__init__()
        self.attention = Attention(size)
        {line}

    def forward(self, x):
        return self.attention(x)
"""
FOREIGN = {"imports": "from transformers.modeling_utils import PreTrainedModel\n", "base": "PreTrainedModel"}
OWN = "def post_init(self):\n        pass"


@pytest.mark.parametrize(
    ("asked", "reasons"),
    [
        ({**FOREIGN, "body": "pass", "line": "self.post_init()"}, ["NF212"]),
        ({**FOREIGN, "body": OWN, "line": "self.post_init()"}, []),
        ({**FOREIGN, "body": "pass", "line": "self.size = size"}, []),
        ({"imports": "", "base": "nn.Module", "body": OWN, "line": "self.post_init()"}, []),
    ],
    ids=["inherited", "the file's own", "not asked", "no other file"],
)
def test_layers_that_a_base_may_initialise_stay(asked: dict[str, str], reasons: list[str], to_function: Any) -> None:
    conversion = to_function(TEXT.format(**asked))
    assert [kept.code for kept in conversion.all_kept] == reasons
    assert ("self.query_weight" in conversion.text) == (not reasons)
