"""A functional and a module version by different hands: other names, another order, layers grouped on one side."""

from __future__ import annotations

import json

import pytest

from nnflip.convert.verify import Request, diff_files, verify_files

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n"


def net(made: str, forward: str, name: str = "Net") -> str:
    made, forward = (text.replace("; ", "\n        ") for text in (made, forward))
    return f"""{HEAD}class {name}(nn.Module):
    def __init__(self):
        super().__init__()
        {made}

    def forward(self, x):
        {forward}
"""


def weights(**shapes: str) -> str:
    return "; ".join(f"self.{name} = nn.Parameter(torch.rand({shape}))" for name, shape in shapes.items())


GROUPED = (
    net(
        weights(first="4, 1, 3, 3", shift="4", second="6, 4, 3, 3", out="5, 24", out_shift="5"),
        "x = F.max_pool2d(F.relu(F.conv2d(x, self.first, self.shift)), 2)"
        "; x = F.relu(F.conv2d(x, self.second)); x = F.adaptive_avg_pool2d(x, 2)"
        "; return F.linear(x.flatten(1), self.out, self.out_shift)",
    ),
    net(
        "self.body = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3, bias=False),"
        " nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten()); self.head = nn.Linear(24, 5)",
        "return self.head(self.body(x))",
        "Classifier",
    ),
)
REORDERED = (
    net("self.a = nn.Linear(4, 4); self.b = nn.Linear(4, 4)", "return self.b(torch.tanh(self.a(x)))"),
    net(
        weights(w2="4, 4", b2="4", w1="4, 4", b1="4"),
        "x = F.linear(x, self.w1, self.b1).tanh(); return F.linear(x, self.w2, self.b2)",
    ),
)
LOOPED = (
    net(
        "self.layers = nn.ModuleList(nn.Linear(4, 4) for _ in range(3))",
        "for one in self.layers: x = F.relu(one(x)); return x",
    ),
    net(
        "self.top = nn.Linear(4, 4); self.mid = nn.Linear(4, 4); self.low = nn.Linear(4, 4)",
        "return torch.relu(self.top(torch.relu(self.mid(torch.relu(self.low(x))))))",
    ),
)
NORMED = (
    net("self.c = nn.Conv2d(2, 4, 3, bias=False); self.bn = nn.BatchNorm2d(4)", "return F.relu(self.bn(self.c(x)))"),
    net(
        weights(kernel="4, 2, 3, 3", gain="4", shift="4")
        + "; self.register_buffer('mean', torch.zeros(4)); self.register_buffer('var', torch.ones(4))",
        "x = F.conv2d(x, self.kernel)"
        "; return F.batch_norm(x, self.mean, self.var, self.gain, self.shift, self.training).relu()",
    ),
)
TURNED = (
    net("self.fc = nn.Linear(4, 3)", "return self.fc(x)"),
    net(weights(w="4, 3", b="3"), "return x @ self.w + self.b"),
)
EMBEDDED = (
    net(
        "self.words = nn.Embedding(11, 6); self.norm = nn.LayerNorm(6); self.out = nn.Linear(6, 2)",
        "return self.out(self.norm(self.words(x)).mean(1))",
    ),
    net(
        weights(table="11, 6", gain="6", shift="6", w="2, 6", b="2"),
        "x = F.layer_norm(F.embedding(x, self.table), (6,), self.gain, self.shift)"
        "; return F.linear(x.mean(dim=1), self.w, self.b)",
    ),
)
PAIRS = {
    "grouped in a Sequential": (GROUPED, "proven"),
    "in another order": (REORDERED, "proven"),
    "in a loop": (LOOPED, "proven"),
    "with statistics": (NORMED, "proven"),
    "with the matrix turned": (TURNED, "equal"),
    "of words": (EMBEDDED, "proven"),
}


@pytest.fixture
def compared(tmp_path):
    """The verdict and the rows of two texts, as `diff A B` has them."""

    def run(a, b):
        for name, text in (("a.py", a), ("b.py", b)):
            (tmp_path / name).write_text(text)
        result, (layers,) = diff_files(tmp_path / "a.py", tmp_path / "b.py", Request(seeds=(0, 1), close_ok=True))
        return result, layers

    return run


@pytest.mark.parametrize(("pair", "expected"), PAIRS.values(), ids=PAIRS)
def test_two_hands_wrote_the_same(compared, pair, expected):
    result, layers = compared(*pair)
    assert (result.verdict, result.models[0].reason if expected == "proven" else "") == (expected, "")
    assert expected == "equal" or {row.mark for row in layers.rows("train")} == {"="}


WRONG = {
    "layers swapped": (LOOPED, "self.mid(torch.relu(self.low(x)))", "self.mid(torch.relu(self.low(x) * 2))"),
    "a statistic lost": (NORMED, "self.shift, self.training)", "self.shift, True)"),
    "a layer used twice": (REORDERED, "F.linear(x, self.w2, self.b2)", "F.linear(x, self.w1, self.b2)"),
    "a turn lost": (TURNED, "x @ self.w + self.b", "x @ self.w - self.b"),
    "another pooling": (GROUPED, "nn.MaxPool2d(2)", "nn.AvgPool2d(2)"),
    "an axis of the mean": (EMBEDDED, "x.mean(dim=1)", "x.mean(dim=1) + x[:, 0] * 0.001"),
}


@pytest.mark.parametrize(("pair", "old", "new"), WRONG.values(), ids=WRONG)
def test_what_two_hands_wrote_differently_is_never_called_the_same(compared, pair, old, new):
    assert old in pair[1]
    result, _ = compared(pair[0], pair[1].replace(old, new))
    unclear = old.endswith("self.b2)")  # which state is which: the second weight is never used
    assert result.verdict == ("inconclusive" if unclear else "different")


def notebook(*cells: str) -> str:
    code = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    written = [{**code, "source": cell.splitlines(keepends=True)} for cell in cells]
    about = {"kernelspec": {"language": "python"}}
    return json.dumps({"cells": written, "metadata": about, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def test_notebooks_are_versions_too(tmp_path):
    text = TURNED[0].removeprefix(HEAD)
    (tmp_path / "a.ipynb").write_text(notebook("%matplotlib inline\n" + HEAD, text, "net = Net()"))
    (tmp_path / "b.py").write_text(HEAD + text)
    (tmp_path / "c.ipynb").write_text(notebook(HEAD, text.replace("self.fc(x)", "self.fc(x) * 2")))
    assert verify_files(tmp_path / "a.ipynb", tmp_path / "b.py", seeds=(0, 1)).verdict == "proven"
    parted = verify_files(tmp_path / "a.ipynb", tmp_path / "c.ipynb", seeds=(0, 1)).models[0]
    lines = (tmp_path / "c.ipynb").read_text().split("\n")
    assert parted.verdict == "different"
    assert "self.fc(x) * 2" in lines[parted.first_divergence.b_line - 1]
