"""Classes that other code needs: they stay as they are, and have their functions below them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pure_text import HEAD, RESIDUAL, pure

from nnflip.convert import Options, convert_source
from nnflip.convert.batch.one import Converted, Job
from nnflip.convert.batch.together import convert_all

NET = """class Net(nn.Module):
    def __init__(self, classes=3):
        super().__init__()
        self.fc = nn.Linear(4, classes)
        self.bn = nn.BatchNorm1d(classes)

    def forward(self, x):
        return self.bn(self.fc(x))
"""

USERS = {
    "made by a function": "def small():\n    return Net(2)\n",
    "a base class": "class More(Net):\n    pass\n",
    "exported": '__all__ = ["Net"]\n',
    "trained": "net = Net()\nopt = torch.optim.SGD(net.parameters(), 0.1)\nnet.fc.weight.data.clamp_(0, 1)\n",
    "walked over": "def init(m):\n    nn.init.ones_(getattr(m, 'bias', torch.ones(2)))\n\n\nNet().apply(init)\n",
    "read by name": 'def slow(net):\n    return [p for name, p in net.named_parameters() if name == "fc.weight"]\n',
    "hooked": "net = Net()\nnet.fc.register_forward_hook(print)\nnet.fc = nn.utils.weight_norm(net.fc)\n",
    "held by a class that stays": (
        "class Outer(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.net = Net()\n\n"
        "    def forward(self, x):\n        self.seen = x\n        return self.net(x)\n\n\nnet = Net()\n"
    ),
}


@pytest.mark.torch
@pytest.mark.parametrize("user", USERS.values(), ids=USERS)
def test_a_class_in_use_has_its_functions_below_it(user: str) -> None:
    torch = pytest.importorskip("torch", reason="torch is the referee here")
    from pure_referee import PureReferee

    there = pure(f"{NET}\n\n{user}")
    if "Outer" in user:
        assert not there.changed
        return
    assert there.all_kept == ()
    assert there.text.index(NET) < there.text.index("def init_params(") < there.text.index(user)
    PureReferee(there, lambda: [torch.randn(5, 4)]).check()


@pytest.mark.parametrize("user", USERS.values(), ids=USERS)
def test_converting_twice_changes_nothing(user: str) -> None:
    once = pure(f"{NET}\n\n{user}")
    again = convert_source(once.text, Options(to="pure"))
    assert (again.text, again.all_kept) == (once.text, () if once.changed else once.all_kept)


@pytest.mark.parametrize("says", ['"""Make it."""', "'''\n        Make it,\n        whole.\n        '''", '"Make it."'])
def test_functions_say_whose_they_are_below_a_docstring_of_its_own(says: str) -> None:
    net = NET.replace("super().__init__()", f"{says}\n        super().__init__()")
    once = pure(f"{net}\n\nnet = Net()\n".replace("self.bn = nn.BatchNorm1d(classes)", "self.bn = nn.Identity()"))
    assert "Initial parameters of Net." in once.text
    assert convert_source(once.text, Options(to="pure")).text == once.text


@pytest.mark.parametrize("to", ["module", "functional"])
def test_functions_beside_a_class_are_not_read_back(to: str) -> None:
    once = pure(f"{NET}\n\n{USERS['exported']}")
    back = convert_source(once.text, Options(to=to))  # type: ignore[arg-type]
    assert not any(one.code == "NF285" for one in back.all_kept)
    assert back.text.count("class Net(") == 1
    assert once.text[once.text.index("def init_params(") :] in back.text


@pytest.mark.parametrize(
    "change",
    [
        "WIDTH = 3\n\n\ndef wider():\n    global WIDTH\n    WIDTH = 4\n",
        "def patch():\n    F.relu = torch.tanh\n\n\npatch()\n",
    ],
    ids=["a name of the file", "a function of torch"],
)
def test_what_the_rest_of_the_file_changes_still_counts(change: str) -> None:
    net = NET.replace("self.bn(self.fc(x))", "F.relu(self.bn(self.fc(x))) * self.width").replace(
        "super().__init__()", "super().__init__()\n        self.width = WIDTH if 'WIDTH' else 2"
    )
    there = pure(f"{change}\n\n{net}\n\nnet = Net()\n")
    assert there.changed == ("global" not in change)


def test_a_name_that_functions_would_need_and_the_file_has_otherwise() -> None:
    text = (HEAD + NET + "\n\nnet = Net()\n").replace("import torch.nn.functional as F\n", "F = 3\n")
    (kept,) = convert_source(text, Options(to="pure")).all_kept
    assert kept.message.endswith("functions need the name F, which the file gives to something else")


def test_of_several_classes_only_those_stay_that_are_needed() -> None:
    other = NET.replace("class Net", "class Other")
    text = pure(f"{NET}\n\n{other}\n\nnet = Net()\n").text
    assert "class Net(" in text
    assert "class Other(" not in text


@pytest.mark.parametrize(
    "other",
    ["from net import Net\n", "import net\nmodel = net.Net()\n", "from net import *\nmodel = Net()\n"],
    ids=["imported", "by its module", "with a star"],
)
def test_a_class_stays_that_another_file_of_the_run_names(other: str, tmp_path: Path) -> None:
    jobs = [Job(str(tmp_path / name), text.encode()) for name, text in (("net.py", HEAD + RESIDUAL), ("use.py", other))]
    net, _ = convert_all(jobs, Options(to="pure"))
    assert isinstance(net, Converted)
    assert RESIDUAL[RESIDUAL.index("class Net") :] in net.conversion.text
    assert "def forward(params, buffers, x, *, training):" in net.conversion.text
    (alone,) = convert_all(jobs[:1], Options(to="pure"))
    assert isinstance(alone, Converted)
    assert "class Net" not in alone.conversion.text


EXTRA = {
    "a walk that initialises again": (
        "def init_weights(self):\n        for m in self.modules():\n            if isinstance(m, nn.Linear):\n"
        "                nn.init.ones_(m.weight)"
    ),
    "a way to make it": "@classmethod\n    def wide(cls):\n        return cls(30)",
    "an optimiser": "def optimiser(self):\n        return torch.optim.SGD(self.parameters(), 0.1)",
    "a property": "@property\n    def device(self):\n        return self.fc.weight.device",
}


@pytest.mark.torch
@pytest.mark.parametrize("method", EXTRA.values(), ids=EXTRA)
def test_methods_that_need_the_module_are_left_to_the_class(method: str) -> None:
    torch = pytest.importorskip("torch", reason="torch is the referee here")
    from pure_referee import PureReferee

    there = pure(f"{NET}\n    {method}\n")
    assert there.all_kept == ()
    assert there.text.count(method) == 1
    assert "class Net(nn.Module)" in there.text
    PureReferee(there, lambda: [torch.randn(5, 4)]).check()
    assert convert_source(there.text, Options(to="pure")).text == there.text


@pytest.mark.parametrize(
    ("method", "call"),
    [
        ("def grow(self):\n        self.seen = len(list(self.parameters()))", "* getattr(self, 'seen', 1)"),
        ("def count(self):\n        return len(list(self.parameters()))", "* self.count()"),
        ("def train(self, mode=True):\n        return super().train(mode)", "* 1"),
        ("@property\n    def width(self):\n        return self.bn.weight.numel()", "* self.width"),
    ],
    ids=["that gives something", "that forward calls", "of the protocol", "a property that forward reads"],
)
def test_a_class_stays_for_a_method(method: str, call: str) -> None:
    there = pure(f"{NET}\n    {method}\n".replace("self.bn(self.fc(x))", f"self.bn(self.fc(x)) {call}"))
    assert not there.changed


def test_what_a_class_that_stays_holds_stays_too() -> None:
    outer = NET.replace("class Net", "class Outer").replace("nn.BatchNorm1d(classes)", "Net(classes)")
    outer = outer.replace("nn.Linear(4, classes)", "nn.Linear(4, 4)") + f"\n    {EXTRA['an optimiser']}\n"
    text = pure(f"{NET}\n\n{outer}").text
    assert "class Net(" in text
    assert "class Outer(" in text
    assert 'prefix="bn."' in text


def test_what_is_no_model_stays_where_one_class_does() -> None:
    text = '''"""Two losses."""
import torch.nn as nn

LIMIT = 3  # of something


class Known(nn.Module):
    def __init__(self):
        super().__init__()
        self.loss = nn.BCEWithLogitsLoss()

    def forward(self, x, y):
        return self.loss(x, y)


class Handed(nn.Module):
    def __init__(self, loss):
        super().__init__()
        self.loss = loss
        self.loss.reduction = "none"

    def forward(self, x, y):
        return self.loss(x, y)


class Whole:
    """Says how much."""

    # of both
    def __call__(self, x):
        return x  # as it is
'''
    new = convert_source(text, Options(to="pure")).text
    head = "import torch.nn as nn\nimport torch.nn.functional as F\n\nLIMIT = 3  # of something"
    assert new.startswith('"""Two losses."""\n' + head)
    assert "class Known" not in new
    assert new[new.index("class Handed") :] == text[text.index("class Handed") :]
