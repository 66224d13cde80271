"""Classes of one file that derive from each other: layers of a base that others use, and layers beside a base's own."""

from __future__ import annotations

from typing import Any

import pytest
from rows import in_one_row

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]


def rows(size: int = 6) -> Any:
    import torch

    return lambda: [torch.randn(4, size, generator=torch.Generator().manual_seed(3))]


def codes(conversion: Any) -> list[str]:
    return [kept.code for kept in conversion.all_kept]


BASE = """class Base(nn.Module):
    def __init__(self, size=6):
        super().__init__()
        self.fc = nn.Linear(size, 5)
        self.norm = nn.BatchNorm1d(5)

    def features(self, x):
        return self.norm(self.fc(x))

    def forward(self, x):
        return self.features(x)


"""

NET = """class Net(Base):
    def __init__(self, size=6):
        super().__init__(size)
        self.head = nn.Linear(5, 3)

    def forward(self, x):
        return self.head(self.features(x)) + self.fc(x).sum() + self.fc.weight.sum() * self.fc.out_features
"""


def test_a_derived_class_becomes_functional_with_its_base(judge: Any) -> None:
    conversion = judge(BASE + NET, rows())
    assert not conversion.all_kept
    assert "F.linear(x, self.fc_weight, self.fc_bias).sum() + self.fc_weight.sum() * 5" in in_one_row(conversion.text)
    assert conversion.models[1].state_map["norm.weight"].key == "norm_weight"


def test_a_base_that_is_initialised_by_its_name_is_no_escape(judge: Any) -> None:
    assert not judge(BASE + NET.replace("super().__init__(", "Base.__init__(self, "), rows()).all_kept


def test_a_third_generation_uses_the_layers_of_the_first(judge: Any) -> None:
    text = BASE + NET.replace("class Net", "class Middle")
    text += "\n\nclass Net(Middle):\n    def forward(self, x):\n"
    text += "        return super().forward(x) + self.norm(self.fc(x)).mean()\n"
    conversion = judge(text, rows())
    own = conversion.text.split("class Net")[1]
    assert "F.batch_norm(F.linear(x, self.fc_weight, self.fc_bias), " in in_one_row(own)


def test_new_names_of_relatives_differ(judge: Any) -> None:
    """`self.a` has a layer `b_0`, and so does `self.a_b`."""
    text = """class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.a_b = nn.Sequential(nn.Linear(6, 6), nn.Tanh())

    def forward(self, x):
        return self.a_b(x)


class Net(Base):
    def __init__(self):
        super().__init__()
        self.a_b_0 = nn.Linear(6, 6)

    def forward(self, x):
        return self.a_b_0(super().forward(x))
"""
    conversion = judge(text, rows())
    assert "self.a_b_0_weight_1 = " in conversion.text


STAYS = {
    "a derived class makes the layer anew": (
        BASE
        + "class Net(Base):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(6, 5)\n",
        {"NF208", "NF209"},
    ),
    "a derived class hands self on": (
        "def look(net):\n    print(net)\n\n\n" + BASE + "class Net(Base):\n    def f(self):\n        look(self)\n",
        {"NF211"},
    ),
    "a derived class has a method of that name": (
        BASE.replace("self.norm(self.fc(x))", "self.fc(x)").replace("        self.norm = nn.BatchNorm1d(5)\n", "")
        + "class Net(Base):\n    def fc(self, x):\n        return x\n",
        {"NF208"},
    ),
    "the base uses what a derived class makes": (
        "class Base(nn.Module):\n    def forward(self, x):\n        return self.fc(x)\n\n\n"
        "class Net(Base):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(6, 5)\n",
        {"NF209"},
    ),
    "a mixin uses a layer of the other base": (
        "class Mixin:\n    def f(self, x):\n        return self.fc(x)\n\n\n"
        + BASE.replace("self.norm", "self.n")
        + "class Net(Base, Mixin):\n    def forward(self, x):\n        return self.f(x)\n",
        {"NF209"},
    ),
    "a base from elsewhere": (
        "from elsewhere import Base\n\n\nclass Net(Base):\n    def __init__(self):\n        super().__init__()\n"
        "        self.fc = nn.Linear(6, 5)\n\n    def forward(self, x):\n        return self.fc(x)\n",
        {"NF231"},
    ),
    "a walk draws for layers of both": (
        BASE + NET + "\n\ndef init(m):\n    if isinstance(m, nn.Linear):\n        nn.init.normal_(m.weight)\n\n\n"
        "net = Net()\nnet.apply(init)\n",
        {"NF212"},
    ),
}


@pytest.mark.parametrize(("text", "reasons"), STAYS.values(), ids=STAYS)
def test_stays(text: str, reasons: set[str], to_function: Any) -> None:
    conversion = to_function(text)
    assert "nn.Linear" in conversion.text
    assert reasons <= set(codes(conversion))


def test_a_random_start_stays_where_a_walk_is_called_by_the_base(judge: Any) -> None:
    """The walk of the base meets layers of the derived class never, and those of the base in its own order."""
    text = BASE.replace(
        "        self.norm = nn.BatchNorm1d(5)\n",
        "        self.norm = nn.BatchNorm1d(5)\n        for m in self.modules():\n"
        "            if isinstance(m, nn.Linear):\n                nn.init.normal_(m.weight)\n",
    )
    conversion = judge(text + NET, rows())
    assert "self.fc = nn.Linear" in conversion.text


def test_the_report_knows_which_entries_a_base_may_lack() -> None:
    """`nnflip state` carries a checkpoint without them."""
    from nnflip.convert.parameters import parameters_of

    text = "import torch.nn as nn\n\n\n" + BASE.replace("nn.Linear(size, 5)", "nn.Linear(size, 5, bias=size > 3)") + NET
    found = parameters_of(text)
    assert found["Net"].optional == found["Base"].optional == ("fc.bias",)
    assert found["Net"].order is None
