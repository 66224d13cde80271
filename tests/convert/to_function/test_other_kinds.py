"""`m.fc` elsewhere is no use of a class's `fc` where m cannot be of that class."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]

TEXT = """class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.PReLU()

    def forward(self, x):
        return self.fc(x)


class Holds(nn.Module):
    def __init__(self, given=None):
        super().__init__()
        self.part = {made}
{more}

class Net{base}:
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 4)

    def forward(self, x):
        return self.fc(x)


def fill(net):
    for m in net.modules():
        {walk}
"""


def rows() -> Any:
    import torch

    return [torch.randn(3, 6, generator=torch.Generator().manual_seed(3))]


def text(made: str = "Other()", more: str = "", walk: str = "pass", base: str = "(nn.Module)") -> str:
    return TEXT.format(made=made, more=more, walk=walk, base=base)


def use(line: str) -> str:
    return f"\n    def forward(self, x):\n        {line}\n"


NARROWED = "if isinstance(m, Other):\n            nn.init.zeros_(m.fc.weight)"


@pytest.mark.parametrize(
    "given",
    [
        {"more": use("return self.part.fc(x)")},
        {"made": "Other() if given else None", "more": use("return self.part.fc(x)")},
        {"made": "nn.Bilinear(2, 2, 2)", "more": use("return self.part.fc")},
        {"walk": NARROWED},
        {"walk": "if isinstance(m, (Other, nn.Bilinear)) and m.training:\n            print(m.fc)"},
    ],
)
def test_an_object_of_another_class(given: dict[str, str], judge: Any) -> None:
    conversion = judge(text(**given), rows)
    assert "self.fc_weight = nn.Parameter(torch.empty(4, 6))" in conversion.text


@pytest.mark.parametrize(
    "given",
    [
        {"made": "Net()", "more": use("return self.part.fc(x)")},
        {"made": "given", "more": use("return self.part.fc(x)")},
        {"made": "Other() if given else Net()", "more": use("return self.part.fc(x)")},
        {"more": use("return self.part.fc(x)") + "\n\ndef give(holds, net):\n    holds.part = net\n"},
        {"more": use("return self.part.fc(x)") + "\n\ndef give(holds, net):\n    setattr(holds, 'part', net)\n"},
        {"more": use("return self.part.fc(x)") + "\n\ndef give(holds, name, net):\n    setattr(holds, name, net)\n"},
        {"more": use("return self.part.fc(x)") + "\n    part = None\n"},
        {"walk": "if isinstance(m, (Other, Net)):\n            print(m.fc)"},
        {"walk": "if isinstance(m, Other) or net.training:\n            print(m.fc)"},
        {"walk": "if isinstance(m, Other):\n            m = net\n            print(m.fc)"},
        {"walk": "if isinstance(m, Other):\n            pass\n        else:\n            print(m.fc)"},
        {"walk": NARROWED, "base": "(Other)"},
        {"walk": "if isinstance(m, nn.Module):\n            print(m.fc)"},
    ],
)
def test_an_object_that_may_be_of_this_class(given: dict[str, str], to_function: Any) -> None:
    conversion = to_function(text(**given))
    assert "self.fc = nn.Linear(6, 4)" in conversion.text
