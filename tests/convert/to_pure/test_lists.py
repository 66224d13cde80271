"""Lists of a file's own modules: functions run through them by the keys of their tensors; torch is the referee."""

from __future__ import annotations

import pytest
from pure_text import pure

from nnflip.convert import Options, convert_source

BLOCK = """class Block(nn.Module):
    def __init__(self, cin, cout, scale=1.0):
        super().__init__()
        self.fc = nn.Linear(cin, cout)
        self.bn = nn.BatchNorm1d(cout)
        self.scale = scale

    def forward(self, x, shift=0.0):
        return self.bn(self.fc(x)).relu() * self.scale + shift
"""

NET = """class Net(nn.Module):
    def __init__(self, size=4, depth=3, drop=0.5):
        super().__init__()
        {init}
        self.head = nn.Linear(size, 2)

    def forward(self, x):
        {forward}
        return self.head(x)
"""

FORMS = {
    "counted": (
        "self.blocks = nn.ModuleList([Block(size, size) for _ in range(depth)])",
        "for b in self.blocks: x = b(x)",
    ),
    "by their number": (
        "self.blocks = nn.ModuleList([Block(size, size, 1.0 + i / depth) for i in range(depth)])",
        "for i, b in enumerate(self.blocks): x = b(x, shift=i)",
    ),
    "by a rule": (
        "rates = [x.item() for x in torch.linspace(0, drop, depth)]\n"
        "        self.blocks = nn.ModuleList(Block(size, size, rates[i]) for i in range(depth))",
        "for b in reversed(self.blocks): x = b.forward(x)",
    ),
    "of two lists": (
        "self.a = nn.ModuleList([Block(m, n) for m, n in zip([size, 6], [6, size])])\n"
        "        self.b = nn.ModuleList([Block(size, size), Block(size, size, scale=3.0)])",
        "for a in self.a: x = a(x)\n        for i in range(len(self.b)): x = self.b[i](x) + self.b[-1](x)",
    ),
    "in pairs": (
        "self.pairs = nn.ModuleList([nn.ModuleList([Block(size, 5), Block(5, size)]) for _ in range(depth)])",
        "for first, second in self.pairs: x = second(first(x)) + x",
    ),
    "filled by a loop": (
        "self.blocks = nn.ModuleList()\n        for i in range(2):\n            self.blocks.append(Block(size, 3, i))",
        "for i, (a, b) in enumerate(zip(self.blocks, self.blocks)): x = a(x) + b(x) * i",
    ),
    "a Sequential": ("self.run = nn.Sequential(Block(size, 5), Block(5, size, 2.0))", "x = self.run(x) + x"),
    "a Sequential of many": ("self.run = nn.Sequential(*[Block(size, size) for _ in range(depth)])", "x = self.run(x)"),
    "a Sequential by a local": (
        "layers = []\n        for scale in (1.0, 2.0):\n            layers.append(Block(size, size, scale))\n"
        "        self.run = nn.Sequential(*layers)",
        "x = self.run(self.run(x))",
    ),
    "none at all": (
        "self.blocks = nn.ModuleList([Block(size, size) for _ in range(0)])",
        "for b in self.blocks: x = b(x)",
    ),
}


def net(init: str, forward: str) -> str:
    return f"{BLOCK}\n\n{NET.format(init=init, forward=forward)}"


@pytest.mark.torch
@pytest.mark.parametrize(("init", "forward"), FORMS.values(), ids=FORMS)
def test_lists_of_modules(init: str, forward: str) -> None:
    torch = pytest.importorskip("torch", reason="torch is the referee here")
    from pure_referee import PureReferee

    there = pure(net(init, forward))
    assert there.all_kept == ()
    assert convert_source(there.text, Options(to="pure")).text == there.text
    PureReferee(there, lambda: [torch.randn(5, 3)], arguments={"size": 3, "depth": 2}).check()


LIST = "self.blocks = nn.ModuleList([Block(size, size) for _ in range(depth)])"
REFUSED = {
    "kept for later": (LIST, "self.last = self.blocks[0]; x = self.last(x)", "keeps something from call to call"),
    "handed to a function": (LIST, "x = torch.utils.checkpoint.checkpoint(self.blocks[0], x)", "as a value"),
    "asked for a layer": (LIST, "x = x * self.blocks[0].fc.weight.sum()", "as a value"),
    "sliced": (LIST, "for b in self.blocks[:-1]: x = b(x)", "uses self.blocks as a value"),
    "one of two things": (LIST, "for b in self.blocks: x = b(x)\n        b = 1\n        x = x * b", "as a value"),
    "run in the constructor": (LIST + "\n        print(len(self.blocks))", "x = self.blocks[0](x)", "runs in __init__"),
    "grown in two ways": (
        LIST + "\n        self.blocks.append(Block(size, size))",
        "x = self.blocks[0](x)",
        "__init__",
    ),
    "made of what changes": (
        "k = 1.0\n        self.blocks = nn.ModuleList([Block(size, size, k) for _ in range(depth)])\n        k = 2.0",
        "for b in self.blocks: x = b(x)",
        "k gets another value after self.blocks is made with it",
    ),
    "made at random": (
        "self.blocks = nn.ModuleList([Block(size, size, torch.rand(1)) for _ in range(depth)])",
        "for b in self.blocks: x = b(x)",
        "cannot be computed",
    ),
    "a name that is read after the loop": (
        "self.blocks = nn.ModuleList([Block(size, size, i) for i in range(depth)])\n        i = 4\n        self.i = i",
        "x = self.blocks[0](x) * self.i",
        "gives i several values",
    ),
    "told by being a Sequential": (
        "self.run = nn.Sequential(Block(size, size), Block(size, size))",
        "x = self.run(x) if isinstance(x, nn.Sequential) else x",
        "",
    ),
    "a Sequential with two inputs": ("self.run = nn.Sequential(Block(size, size))", "x = self.run(x, x)", ""),
}


@pytest.mark.parametrize(("init", "forward", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_class_stays_whose_list_is_used_otherwise(init: str, forward: str, reason: str) -> None:
    there = pure(net(init, forward))
    assert not there.changed
    assert any(reason in one.message for one in there.all_kept), there.all_kept


def test_what_a_part_is_made_with_must_not_change_after_that() -> None:
    text = net(
        "k = 1.0\n        self.a = Block(size, size, k)\n        k = 2.0\n        self.b = Block(size, size, k)",
        "x = self.b(self.a(x))",
    )
    there = pure(text)
    assert not there.changed
    assert "k gets another value after self.a is made with it" in there.all_kept[-1].message


def test_what_the_constructor_ends_with_may_go() -> None:
    head = "self.head = nn.Linear(size, 2)"
    table = "\n        if depth > 1:\n            self.register_buffer('table', torch.ones(2))"
    text = pure(net("pass", "x = x").replace(head, head + table)).text
    assert "    return params\n\n\ndef net_init_buffers(" in text


def test_the_name_partial_must_be_free() -> None:
    there = pure(f"partial = 3\n\n\n{net(*FORMS['counted'])}")
    assert not there.changed
    assert "the name partial" in there.all_kept[-1].message


def test_an_import_of_partial_is_used() -> None:
    there = pure(f"from functools import partial\n\n\n{net(*FORMS['counted'])}")
    assert there.text.count("import partial") == 1
