"""Functions of the file that code of other files runs on modules are told of layers that went, or keep them."""

from __future__ import annotations

from typing import Any

import pytest

PART = """from lib import Base, init_weights, named_apply, use


class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 4)

    def forward(self, x):
        return self.fc(x)


def init(module, name="", scale=1.0):
    if isinstance(module, nn.Linear):
        module.weight.data.normal_(0, 0.02)


"""

NET = """class Net({base}):
    def __init__(self):
        super().__init__()
        self.part = Part()
        {line}
{methods}"""

METHOD = """
    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            module.weight.data.normal_(0, 0.02)
"""


def net(line: str = "pass", base: str = "nn.Module", methods: str = "") -> str:
    return PART + NET.format(line=line, base=base, methods=methods)


@pytest.mark.parametrize(
    "text",
    [net("named_apply(init, self)"), net("named_apply(partial(init, scale=2.0), self)"), net("", "Base", METHOD)],
)
def test_what_meets_modules_after_their_parts_is_told(text: str, to_function: Any) -> None:
    conversion = to_function("from functools import partial\n" + text)
    assert "isinstance(module, Part):" in conversion.text
    assert "module.fc_weight.data.normal_(0, 0.02)" in conversion.text


@pytest.mark.parametrize("line", ["use(init)", "self.begin = init", "use(self, begin=init)", "init_weights(self)"])
def test_what_may_meet_them_at_any_time_keeps_them(line: str, to_function: Any) -> None:
    conversion = to_function(net(line))
    assert not conversion.changed
    assert "NF212" in {kept.code for kept in conversion.all_kept}


@pytest.mark.parametrize("line", ["init(self)", "use(self.part)"])
def test_what_the_file_shows_is_read_as_it_stands(line: str, to_function: Any) -> None:
    assert "self.fc_weight" in to_function(net(line)).text
