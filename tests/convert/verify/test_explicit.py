"""Verifies functions that are handed their weights: they are models too, with the dictionary for a state."""

from __future__ import annotations

import pytest

from nnflip.convert.verify import Request, verify_texts

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n"
FUNCTION = """
def init(out=3):
    return {"fc.weight": torch.randn(out, 4), "fc.bias": torch.zeros(out)}


def net(x, params):
    return F.linear(x, params["fc.weight"], params["fc.bias"])
"""
VARIABLES = """
weight = torch.randn(3, 4, requires_grad=True)
bias = torch.zeros(3, requires_grad=True)


def net(x):
    return F.linear(x, weight, bias)
"""
MODULE = """
class Net(nn.Module):
    def __init__(self, out=3):
        super().__init__()
        self.fc = nn.Linear(4, out)

    def forward(self, x):
        return self.fc(x)
"""
OTHER = MODULE.replace("return self.fc(x)", "return self.fc(x) * 2")
REQUEST = Request(inputs={"x": "float32[2,4]"})


@pytest.mark.parametrize(
    ("a", "b"), [(FUNCTION, MODULE), (MODULE, FUNCTION), (FUNCTION, FUNCTION), (VARIABLES, MODULE)]
)
def test_the_same_model(a: str, b: str) -> None:
    assert verify_texts(HEAD + a, HEAD + b, REQUEST).verdict == "proven"


@pytest.mark.parametrize(("a", "b"), [(FUNCTION, OTHER), (OTHER, FUNCTION), (VARIABLES, OTHER)])
def test_another_model(a: str, b: str) -> None:
    assert verify_texts(HEAD + a, HEAD + b, REQUEST).verdict == "different"


def test_a_function_beside_a_class_counts_where_the_other_file_has_that_model() -> None:
    both = MODULE.replace("Net", "Whole") + FUNCTION
    names = [one.name for one in verify_texts(HEAD + both, HEAD + both, REQUEST).models]
    assert names == ["Whole", "Net"]
    alone = verify_texts(HEAD + both, HEAD + MODULE.replace("Net", "Whole"), REQUEST)
    assert [one.name for one in alone.models] == ["Whole"]
    assert alone.verdict == "proven"
