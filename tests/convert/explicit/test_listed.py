"""nn.ParameterList and nn.ParameterDict whose parameters are taken out by constants become layers, or stay whole."""

from __future__ import annotations

import pytest

from nnflip.convert import Conversion, Options, convert_source

NET = """import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.ws = MADE

    def forward(self, x):
        return READ
"""
LIST = "nn.ParameterList([nn.Parameter(torch.randn(4, 3)), torch.zeros(4), nn.Parameter(torch.ones(2, 4))])"
DICT = 'nn.ParameterDict({"fc_weight": nn.Parameter(torch.randn(4, 3)), "fc_bias": nn.Parameter(torch.zeros(4))})'
READ_LIST = "F.linear(torch.tanh(F.linear(x, self.ws[0], self.ws[1])), self.ws[2])"
READ_DICT = 'F.linear(x, self.ws["fc_weight"], self.ws["fc_bias"])'


def converted(made: str, read: str) -> Conversion:
    return convert_source(NET.replace("MADE", made).replace("READ", read), Options("module"))


def test_a_list_becomes_layers() -> None:
    done = converted(LIST, READ_LIST)
    assert "return self.linear2(self.tanh(self.linear0(x)))" in done.text
    assert {key: move.key for key, move in done.models[0].state_map.items()} == {
        "ws.0": "linear0.weight",
        "ws.1": "linear0.bias",
        "ws.2": "linear2.weight",
    }


def test_a_dictionary_becomes_layers() -> None:
    done = converted(DICT, READ_DICT)
    assert "self.fc = nn.Linear(3, 4)" in done.text
    assert [move.key for move in done.models[0].state_map.values()] == ["fc.weight", "fc.bias"]


@pytest.mark.parametrize(
    ("made", "read"),
    [
        (LIST, "F.linear(torch.tanh(F.linear(x, self.ws[0], self.ws[1])), self.ws[2] * 2)"),
        (LIST, READ_LIST + ", len(self.ws)"),
        (LIST, "F.linear(x, self.ws[0], self.ws[1])"),
        (LIST.replace("torch.zeros(4)", "torch.zeros(4)  # bias\n"), READ_LIST),
        ("nn.ParameterList([nn.Parameter(torch.randn(3, 3)) for _ in range(2)])", "F.linear(x, self.ws[0])"),
        (DICT, READ_DICT.replace('"fc_bias"', "key")),
    ],
    ids=["computed", "as a whole", "one is not used", "a comment inside", "made in a loop", "computed key"],
)
def test_other_containers_stay(made: str, read: str) -> None:
    text = NET.replace("MADE", made).replace("READ", read)
    assert "self.ws" in convert_source(text, Options("module")).text


GROWN = """nn.ParameterList()
        self.ws.append(nn.Parameter(torch.randn(4, 3)))  # of the first
        w = torch.zeros(4)
        nn.init.uniform_(w)
        self.ws.append(w)
        w = nn.Parameter(torch.ones(2, 4))
        self.ws.append(w)
        nn.init.normal_(w, std=0.1)"""
GROWN_DICT = """nn.ParameterDict()
        self.ws["fc_weight"] = nn.Parameter(torch.randn(4, 3))
        self.ws["fc_bias"] = torch.zeros(4)"""


def test_parameters_that_are_put_in_one_by_one_become_layers() -> None:
    done = converted(GROWN, READ_LIST)
    assert "self.linear0 = nn.Linear(3, 4)  # of the first" in done.text
    assert "nn.init.normal_(self.linear2.weight, std=0.1)" in done.text
    assert "Parameter" not in done.text
    assert list(done.models[0].state_map) == ["ws.0", "ws.1", "ws.2"]
    assert "self.fc = nn.Linear(3, 4)" in converted(GROWN_DICT, READ_DICT).text


ALIAS = "F.linear(torch.tanh(F.linear(x, ps[0], ps[1])), ps[2])"


def test_a_local_that_is_the_list_is_read_through() -> None:
    text = NET.replace("MADE", LIST).replace("return READ", f"ps = self.ws\n        return {ALIAS}")
    done = convert_source(text, Options("module"))
    assert "ps" not in done.text
    assert "return self.linear2(self.tanh(self.linear0(x)))" in done.text


@pytest.mark.parametrize(
    "before",
    ["ps = self.ws\n        ps = ps", "ps = self.ws  # why", "ps = self.ws\n        print(ps)", "ps = qs = self.ws"],
)
def test_a_local_that_is_more_keeps_the_list(before: str) -> None:
    text = NET.replace("MADE", LIST).replace("return READ", f"{before}\n        return {ALIAS}")
    assert "self.ws" in convert_source(text, Options("module")).text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("nn.init.uniform_(w)", "w *= 2"),
        ("nn.init.uniform_(w)", "self.other = w"),
        (
            "        self.ws.append(w)\n        w =",
            "        if w.sum() > 0:\n            self.ws.append(w)\n        w =",
        ),
        (
            "        self.ws.append(w)\n        w =",
            "        for _ in range(1):\n            self.ws.append(w)\n        w =",
        ),
        ("        self.ws.append(w)\n        w =", "        self.ws.append(w)  # why\n        w ="),
        ("        self.ws.append(w)\n        w =", "        self.ws.extend([w])\n        w ="),
        ("        w = torch.zeros(4)\n", "        w = torch.zeros(4)\n        w = w + 1\n"),
        ("        w = torch.zeros(4)\n", "        v = w = torch.zeros(4)\n"),
        ("std=0.1)", "std=0.1)\n        print(w)"),
    ],
)
def test_other_ways_of_putting_them_in_stay(old: str, new: str) -> None:
    assert old in GROWN
    assert "self.ws" in converted(GROWN.replace(old, new), READ_LIST).text


def test_load_hooks_are_written_for_keys_that_stay_only() -> None:
    text = NET.replace("MADE", LIST).replace("READ", READ_LIST)
    assert "self.ws" in convert_source(text, Options("module", compat=True)).text


@pytest.mark.torch
@pytest.mark.parametrize(
    ("made", "read"), [(LIST, READ_LIST), (DICT, READ_DICT), (GROWN, READ_LIST), (GROWN_DICT, READ_DICT)]
)
@pytest.mark.parametrize("init", ["keep", "exact"])
def test_torch_sees_no_difference(made: str, read: str, init: str) -> None:
    torch = pytest.importorskip("torch", reason="torch is the referee here")
    from referee import Referee

    text = NET.replace("MADE", made).replace("READ", read)
    done = convert_source(text, Options("module", init=init))  # type: ignore[arg-type]
    Referee(done, lambda: [torch.randn(5, 3)], same_start=init == "exact").check()
