"""A class that hands itself to a function: what the function does with it decides."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]

TEXT = """{before}class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 4)
        self.last = nn.Linear(4, 2)
        {line}

    def forward(self, x):
        return self.last(self.fc(x))
"""

WALKS = """def fill(net, gain=1.0):
    for m in net.modules():
        if isinstance(m, nn.Linear):
            nn.init.xavier_normal_(m.weight, gain)
    net.double()


"""


def rows() -> Any:
    import torch

    return [torch.randn(3, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(3))]


def test_a_function_that_walks_over_it_is_told(judge: Any) -> None:
    conversion = judge(TEXT.format(before=WALKS, line="fill(self, 2.0)"), rows)
    assert not conversion.all_kept
    assert "nn.init.xavier_normal_(m.fc_weight, gain)" in conversion.text


@pytest.mark.parametrize("name", ["_log_api_usage_once", "get_device_dtype"])
def test_what_a_library_is_known_to_do_concerns_no_layer(name: str, to_function: Any) -> None:
    text = TEXT.format(before=f"from lib.utils import {name}\n\n\n", line=f"{name}(self)")
    assert not to_function(text).all_kept


def test_an_attribute_that_the_function_asks_for_stays(to_function: Any) -> None:
    conversion = to_function(TEXT.format(before=WALKS.replace("net.double()", "print(net.fc)"), line="fill(self)"))
    assert "NF209" in {kept.code for kept in conversion.all_kept}
    assert "self.fc = nn.Linear(6, 4)" in conversion.text


@pytest.mark.parametrize("line", ["fill(self)", "self.fill()"])
def test_a_layer_that_is_made_afterwards_is_not_told_of(line: str, judge: Any) -> None:
    made = "        self.last"
    text = TEXT.format(before=WALKS.replace("net.double()", "net.train()"), line="pass")
    text = text.replace(made, f"        {line}\n{made}") + "\n    def fill(self):\n        fill(self)\n"
    conversion = judge(text, lambda: [rows()[0].float()])
    assert "self.last = nn.Linear(4, 2)" in conversion.text
    assert "self.fc_weight" in conversion.text


@pytest.mark.parametrize(
    "line", ["return net", "KEEP.append(net)", "vars(net)", "getattr(net, 'f' + 'c')", "net = net.eval()", "fill(net)"]
)
def test_what_goes_further_keeps_the_class(line: str, to_function: Any) -> None:
    conversion = to_function(TEXT.format(before=WALKS.replace("net.double()", line), line="fill(self)"))
    assert {kept.code for kept in conversion.all_kept} == {"NF211"}


@pytest.mark.parametrize("line", ["unknown(self)", "fill(net=self)", "fill(*[self])", "_log_api_usage_once(self)"])
def test_what_cannot_be_read_keeps_the_class(line: str, to_function: Any) -> None:
    before = WALKS + "def _log_api_usage_once(net):\n    print(net)\n\n\n"
    conversion = to_function(TEXT.format(before=before, line=line))
    assert {kept.code for kept in conversion.all_kept} == {"NF211"}
