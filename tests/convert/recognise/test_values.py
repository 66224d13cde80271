"""What is known of values before a model runs: true of every run, and lost where paths or names may differ."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from nnflip.convert.recognise.model import models_of
from nnflip.convert.recognise.value import Array, Number, Row, Value
from nnflip.convert.recognise.values import value_of
from nnflip.convert.recognise.values.operations import named_operations
from nnflip.convert.source import Source

HEAD = """
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor


class Net(nn.Module):
    def __init__(self, norm, dim):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.one = nn.Conv1d(3, 4, 3) if dim else nn.Identity()
        self.norm = norm(dim)
        self.pairs = nn.MaxPool2d(2, return_indices=True)
        self.more = nn.MaxPool2d(2, 2, 0, 1, True)
        self.net = nn.Sequential(norm(dim), nn.ReLU(), nn.Flatten())
        self.grown = nn.Sequential(nn.Conv2d(3, 4, 3))
        self.grown.append(norm(dim))
        self.convs = nn.ModuleList([nn.Conv2d(3, 4, 3) for _ in range(dim)])
        self.mixed = nn.ModuleList([nn.Conv2d(3, 4, 3), norm(dim)])
        self.lstm = nn.LSTM(3, 4)
        self.attend = nn.MultiheadAttention(4, 2)
        self.token = nn.Parameter(torch.zeros(1, 1, dim))
        self.fc = nn.Linear(3, 4)
        self.fc = norm(dim)

    def helper(self, x):
        return self.conv(x)

    def either(self, x):
        if x is None:
            return None
        return self.conv(x)

    def forward(self, x, y, a: torch.Tensor, b: Tensor, c: "list[Tensor]" = None):
"""


def known(*lines: str) -> Value | None:
    """What is known of the value that the last line returns."""
    source = Source(HEAD + "".join(f"        {line}\n" for line in lines))
    (model,) = models_of(source)
    last = model.methods["forward"].node.body[-1]
    assert isinstance(last, ast.Return)
    assert last.value is not None
    return value_of(model, last.value)


TENSORS = [
    pytest.param(["return self.conv(x)"], 3, 4, id="a convolution of anything"),
    pytest.param(["return a"], 0, None, id="an annotated argument"),
    pytest.param(["return b.softmax(-1)"], 0, None, id="an annotation under another name"),
    pytest.param(["F.relu(x)", "return x"], 0, None, id="what torch has taken"),
    pytest.param(["n, c, h, w = x.shape", "return F.relu(x)"], 4, 4, id="unpacked sizes count"),
    pytest.param(
        ["q, k, v = F.relu(x).view(2, 3, 4, 5).unbind(0)", "return q @ k.transpose(-2, -1)"], 3, 3, id="unbind"
    ),
    pytest.param(["q, k, v = F.relu(x).chunk(3, dim=-1)", "return q * v"], 0, None, id="chunks"),
    pytest.param(["qkv = a.reshape(1, 2, 3, 4, 5).permute(2, 0, 3, 1, 4)", "return qkv[0] @ qkv[1]"], 4, 4, id="qkv"),
    pytest.param(["return a.flatten(2)"], 3, 3, id="flatten counts"),
    pytest.param(["return torch.einsum('bhid,bhjd->bhij', x, y)"], 4, 4, id="einsum counts"),
    pytest.param(["return self.token + x"], 3, None, id="a parameter and something else"),
    pytest.param(["for c in self.convs:", "    x = c(x)", "return self.convs[0](x)"], 3, 4, id="one of a list"),
    pytest.param(
        ["x = self.conv(x)", "for c in self.convs:", "    x = c(x)", "return x"], 3, 4, id="a loop over layers"
    ),
    pytest.param(
        ["if y:", "    x = self.conv(x)", "else:", "    x = self.one(a)", "return x"], 0, None, id="both branches"
    ),
    pytest.param(
        ["if not torch.is_tensor(x):", "    raise TypeError", "return x"], 0, None, id="what else would raise"
    ),
    pytest.param(["return self.helper(x)"], 3, 4, id="a method of the class"),
    pytest.param(["z = x.view(-1, 5)", "return F.relu(z)"], 2, 2, id="a view by its sizes"),
    pytest.param(["return self.net(x)"], 2, 2, id="the last layer of a Sequential"),
    pytest.param(["o, _ = self.attend(a, a, a)", "return o"], 0, None, id="attention gives a pair"),
    pytest.param(["o, (h, c) = self.lstm(a)", "return o"], 0, None, id="a sequence"),
    pytest.param(["return 2 * a[:, None, 0]"], 1, None, id="an index"),
    pytest.param(["return a[:, 0, ..., y]"], 0, None, id="an index that nobody knows"),
    pytest.param(["return sum_ if (sum_ := a + x) is None else sum_"], 0, None, id="a walrus"),
    pytest.param(["with torch.no_grad():", "    x = self.conv(x)", "return x"], 3, 4, id="a context of torch"),
    pytest.param(["return torch.stack([F.relu(y) for y in x], 1)"], 1, None, id="stacked"),
    pytest.param(["a += x", "return a"], 0, None, id="in place"),
]


@pytest.mark.parametrize(("lines", "least", "most"), TENSORS)
def test_known(lines: list[str], least: int, most: int | None) -> None:
    assert known(*lines) == Array(True, least, most)


UNKNOWN = [
    pytest.param(["return x"], id="an argument"),
    pytest.param(["return c"], id="a list of tensors"),
    pytest.param(["return self.norm(a)"], id="a layer from the caller"),
    pytest.param(["return self.fc(a)"], id="a layer or another"),
    pytest.param(["return self.one(x)"], id="perhaps nothing but the argument"),
    pytest.param(["return self.pairs(a)"], id="values and indices"),
    pytest.param(["return self.more(a)"], id="indices by place"),
    pytest.param(["return self.grown(a)"], id="a Sequential that grows"),
    pytest.param(["return self.mixed[y](a)"], id="one layer of several"),
    pytest.param(["return self.either(a)"], id="a method that may give None"),
    pytest.param(["if y:", "    F.relu(x)", "return x"], id="a condition is no witness"),
    pytest.param(["for z in y:", "    F.relu(x)", "return x"], id="a loop that may not run"),
    pytest.param(["while y:", "    x = y", "    F.relu(x)", "return x"], id="a loop that binds"),
    pytest.param(["F.relu(x)", "for z in y:", "    x.relu()", "    x = z", "return x"], id="bound in a loop"),
    pytest.param(["try:", "    x = self.conv(x)", "except E:", "    pass", "return x"], id="a part that may fail"),
    pytest.param(["with y:", "    x = self.conv(x)", "return x"], id="a context that may swallow"),
    pytest.param(["F.relu(x)", "x = x.parts", "return x"], id="bound anew"),
    pytest.param(["x = self.conv(x)", "del x", "return x"], id="deleted"),
    pytest.param(["y and F.relu(x)", "return x"], id="a short cut"),
    pytest.param(["F.relu(x) if y else 0", "return x"], id="one branch of an expression"),
    pytest.param(["[F.relu(x) for _ in y]", "return x"], id="a comprehension that may be empty"),
    pytest.param(["f = lambda: F.relu(x)", "return x"], id="a function that may not be called"),
    pytest.param(["x = self.conv(x)", "def f():", "    nonlocal x", "    x = y", "f()", "return x"], id="nonlocal"),
    pytest.param(["l = [a]", "l[0] = y", "return l[0]"], id="a list that changes"),
    pytest.param(["l = [a]", "y(l)", "for z in l:", "    x = z", "return x"], id="a list that is handed on"),
    pytest.param(["F.softmax(x, 1)", "return x"], id="functions that ask their argument"),
    pytest.param(["self.one(x)", "return x"], id="Identity takes anything"),
    pytest.param(["return x * a"], id="whatever stands left decides"),
    pytest.param(["torch.pow(x, a)", "return x"], id="a number may stand there"),
    pytest.param(["return a.max(y)"], id="one tensor or two"),
    pytest.param(["return a.type()"], id="a string"),
    pytest.param(["return a.numpy()"], id="no tensor any more"),
    pytest.param(["return a == x"], id="an equality that may be one of Python"),
    pytest.param(["return torch.where(a)"], id="a tuple of tensors"),
    pytest.param(["match y:", "    case 1:", "        x = self.conv(x)", "return x"], id="one case of several"),
    pytest.param(["for x in y:", "    pass", "else:", "    x = a", "return y"], id="else of a loop"),
    pytest.param(["x = self.conv(x) if y else None", "return x"], id="or None"),
]


@pytest.mark.parametrize("lines", UNKNOWN)
def test_noop(lines: list[str]) -> None:
    found = known(*lines)
    assert not (isinstance(found, Array) and found.tensor)


ARGUMENTS = [
    *(
        "",
        "0",
        "1",
        "-1",
        "0, 1",
        "1, 2",
        "1, 0",
        "2, 1, 0",
        "(1, 0)",
        "0, 0, 1",
        "1, 1, 2, 2",
        "(2, 2)",
        "-1, 1",
        "0, -1",
    ),
    *(
        "y",
        "z",
        "0, y.long() % 1",
        "0, z.long() % 1",
        "y.bool(), 1",
        "y, 0.5",
        "min=y",
        "0, 1.0",
        "y, z",
        "y > 0, z",
        "float",
    ),
    *(
        "dim=0",
        "2, dim=0",
        "keepdim=True",
        "dim=0, keepdim=True",
        "torch.float",
        "y.bool()",
        "(1, 1), (0, 1)",
        "y, z, z",
    ),
    *(
        "start_dim=1",
        "-2",
        "-2, -1",
        "0, end_dim=1",
        "1, 2, end_dim=2",
        "2, 0, 1",
        "size=0",
        "x",
        "x, x",
        "1, 1",
        "1, 1, 1",
        "x.long() % 1",
    ),
]
SHAPES = [(), (2,), (2, 2), (2, 2, 2), (1, 2, 1, 2)]


def results(torch: Any, shape: tuple[int, ...], other: tuple[int, ...]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Every operation on tensors of some ranks, with all arguments that it takes, and what it gives."""
    for name in sorted(named_operations()):
        for words in ARGUMENTS:
            for text in (f"x.{name}({words})", f"torch.{name}(x{', ' if words else ''}{words})"):
                given = {"x": torch.ones(shape), "y": torch.ones(other), "z": torch.ones(2, 2, 2)}
                ranks = {key: value.dim() for key, value in given.items()}
                try:
                    yield text, ranks, eval(text, {"torch": torch}, given)
                except Exception:
                    continue  # no method, or no function, of that name, or another number of arguments


@pytest.mark.torch
@pytest.mark.parametrize(
    ("shape", "other"), [((), (2,)), ((2,), ()), ((2, 2), (2,)), ((2, 2), (2, 2)), ((1, 2, 1, 2), (2, 2))]
)
def test_torch_gives_what_is_claimed(torch: Any, shape: tuple[int, ...], other: tuple[int, ...]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = list(results(torch, shape, other))
    assert len({text.partition("(")[0] for text, _, _ in found}) > 150
    for (text, ranks, result), claim in zip(found, claims([text for text, _, _ in found], found[0][1]), strict=True):
        assert _holds(torch, claim, result), (text, ranks, claim)


def claims(texts: list[str], ranks: dict[str, int]) -> list[Value | None]:
    """What is known of each expression, where tensors of some ranks have the names in it."""
    lines = ["import torch", "import torch.nn as nn", "class Net(nn.Module):"]
    for number, text in enumerate(texts):
        lines.append(f"    def m{number}(self, {', '.join(f'{key}: torch.Tensor' for key in ranks)}):")
        lines += [f"        {'_, ' * rank}= {key}.shape" for key, rank in ranks.items() if rank]
        lines.append(f"        return {text}")
    (model,) = models_of(Source("\n".join(lines)))
    found = []
    for number in range(len(texts)):
        last = model.methods[f"m{number}"].node.body[-1]
        assert isinstance(last, ast.Return)
        assert last.value is not None
        found.append(value_of(model, last.value))
    return found


def _holds(torch: Any, claim: Value | None, result: Any) -> bool:
    match claim:
        case Array(tensor=certain, least=least, most=most):
            if not torch.is_tensor(result):
                return not certain
            return least <= result.dim() and (most is None or result.dim() <= most)
        case Row(parts=parts, each=each):
            if not isinstance(result, (tuple, list)):
                return False
            if parts is None:
                return all(_holds(torch, each, one) for one in result)
            return len(parts) == len(result) and all(map(lambda c, r: _holds(torch, c, r), parts, result))
        case Number(whole=whole):
            return isinstance(result, int) and not isinstance(result, bool) if whole else True
        case _:
            return True
