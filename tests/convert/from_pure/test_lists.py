"""Lists of models that functions run are read back as `nn.ModuleList`; torch is the referee."""

from __future__ import annotations

import pytest
from pure_text import pure

from nnflip.convert import Conversion, Options, convert_source

NET = """class Block(nn.Module):
    def __init__(self, cin, cout, scale=1.0):
        super().__init__()
        self.fc = nn.Linear(cin, cout)
        self.bn = nn.BatchNorm1d(cout)
        self.scale = scale

    def forward(self, x, shift=0.0):
        return self.bn(self.fc(x)).relu() * self.scale + shift


class Net(nn.Module):
    def __init__(self, size=4, depth=3):
        super().__init__()
        self.blocks = nn.ModuleList([Block(size, size, i) for i in range(depth)])
        self.pairs = nn.ModuleList([nn.ModuleList([Block(m, n), Block(n, m, 2.0)]) for m, n in zip([4, 4], [5, 6])])
        self.head = nn.Linear(size, 2)

    def forward(self, x):
        for i, b in enumerate(self.blocks):
            x = b(x, shift=i)
        for a, b in self.pairs:
            x = b(a(x)) + x
        return self.head(x)
"""


@pytest.mark.torch
@pytest.mark.parametrize("to", ["functional", "module"])
def test_lists_are_read_back(to: str) -> None:
    torch = pytest.importorskip("torch", reason="torch is the referee here")
    from referee import Referee

    there = pure(NET)
    back = convert_source(there.text, Options(to=to, init="exact"))  # type: ignore[arg-type]
    assert back.all_kept == ()
    for line in NET.splitlines():
        if "ModuleList" in line:
            assert line in back.text
    Referee(Conversion(there.source, back.text, back.models), lambda: [torch.randn(5, 4)], same_start=True).check()


@pytest.mark.parametrize(
    ("written", "otherwise", "reason"),
    [
        ("scale=i\n", "scale=i + 1\n", "is handed something else than was made"),
        ('prefix=f"blocks.{i}."', 'prefix=f"pairs.{i}."', "is no list that it makes"),
        ("        for i in range(depth)\n", "        for i in range(2)\n", "is no list that it makes"),
        ("block_init_buffers(size, size, i)", "block_init_buffers(size, size, 1)", "is made in another way before"),
        ("training=training, prefix=f", "training=True, prefix=f", "does not hand training on"),
        ("    for i, b in enumerate(blocks):", "    blocks = blocks[1:]\n    for i, b in enumerate(blocks):", "anew"),
        (
            "    return params\n\n\ndef init_buffers(",
            "    params.pop('a')\n    return params\n\n\ndef init_buffers(",
            "",
        ),
    ],
)
def test_lists_that_are_written_otherwise_stay(written: str, otherwise: str, reason: str) -> None:
    text = pure(NET).text
    assert written in text
    changed = text.replace(written, otherwise, 1)
    kept = convert_source(changed, Options(to="functional"))
    assert kept.text == changed
    assert [one.code for one in kept.all_kept if reason in one.message] == ["NF285"], kept.all_kept
