"""Helpers of several statements and names that run on, written out: what comes of it is what was there, under torch."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from typing import Any

import pytest

from nnflip.convert import Options, convert_source

torch = pytest.importorskip("torch", reason="torch is the referee here")
pytestmark = pytest.mark.torch

HEAD = """import torch
import torch.nn.functional as F

torch.manual_seed(1)
p = {
    "a.weight": torch.randn(3, 3, requires_grad=True),
    "a.bias": torch.randn(3, requires_grad=True),
    "b.weight": torch.randn(3, 3, requires_grad=True),
    "b.bias": torch.randn(3, requires_grad=True),
}
scale = 2.0


"""
TAIL = "\n\ny = net(torch.linspace(-1, 1, 6).view(2, 3), p)\nprint(y)\ny.sum().backward()\n"
TAIL += 'print(p["a.weight"].grad.sum(), p["b.bias"].grad)\n'


def told_by(text: str) -> str:
    said, names = io.StringIO(), dict[str, Any]()
    with redirect_stdout(said):
        exec(compile(text, "<script>", "exec"), names)
    return said.getvalue()


BODIES = {
    "the caller's variable goes on": """
def layer(x, p, k):
    # a comment
    x = F.linear(x, p[k + ".weight"], p[k + ".bias"])
    x = torch.tanh(x)
    return x


def net(x, p):
    x = layer(x, p, "a")
    return layer(x, p, "b")
""",
    "the caller reads what it handed over": """
def layer(x, p, k):
    x = F.linear(x, p[k + ".weight"], p[k + ".bias"])
    return torch.tanh(x)


def net(x, p):
    y = layer(x, p, "a")
    z = layer(y, p, "b")
    return x + y * z
""",
    "locals that the caller has too": """
def layer(v, p, k):
    y = F.linear(v, p[k + ".weight"], p[k + ".bias"])
    x = y * scale
    return x + v


def net(x, p):
    y = x.exp()
    h = layer(x, p, "a")
    h = layer(h, p, "b")
    return h + x + y
""",
    "inside an expression": """
def layer(x, p, k, w=1.0, act=True):
    \"\"\"Says nothing.\"\"\"

    x = F.linear(x, p[f"{k}.weight"], p[f"{k}.bias"])
    if act:
        x = torch.tanh(x)
    return x * w, (
        x
        + 1
    )


def net(x, p):
    h, _ = layer(x, p, "a", act=False)
    u, v = layer(p=p, x=h * 2, k="b", w=-1)
    return u + v
""",
    "a sum, and arguments that are swapped": """
def layer(a, b, p, k):
    a = a - b
    b = F.linear(b, p[k + ".weight"], p[k + ".bias"])
    return (a
            - b)


def net(x, p):
    y = x * 3
    x = x - layer(x, y, p, "a")
    y = 2 * layer(y, x, p, "b")
    return x * y
""",
    "changed in place": """
def layer(x, p, k):
    x += 1
    y = F.linear(x, p[k + ".weight"], p[k + ".bias"])
    y *= 2
    return y


def net(x, p):
    h = x * 1
    y = layer(h, p, "a")
    return layer(y * 1, p, "b") + h
""",
    "helpers of helpers": """
def lin(x, w, b):
    y = F.linear(x, w, b)
    return y


def layer(x, p, k):
    w, b = p[k + ".weight"], p[k + ".bias"]
    return torch.relu(lin(x, w, b))


def net(x, p):
    for k in ["a", "b"]:
        x = x + layer(x, p, k)
    return x
""",
    "in branches and loops": """
def layer(x, p, k, n):
    for i in range(n):
        x = x + i
    if k == "a":
        x = F.linear(x, p[k + ".weight"], p[k + ".bias"])
    else:
        x = F.linear(torch.sin(x), p[k + ".weight"], p[k + ".bias"])
    return x


def net(x, p):
    with torch.enable_grad():
        x = layer(x, p, "a", 3)
    if x.sum() < 1e9:
        x = layer(x, p, "b", 2)
    return x
""",
    "locals whose new names are taken": """
def layer(x, p, k):
    x_1 = x.exp()
    x = F.linear(x, p[k + ".weight"], p[k + ".bias"])
    return x + x_1


def net(x, p):
    y = layer(x, p, "a")
    return x * layer(y, p, "b")
""",
    "the outcome under the name of what was handed over": """
def first(x, p, k):
    y = F.linear(x, p[k + ".weight"], p[k + ".bias"])
    y = y + 1
    return y


def second(x, p, k):
    y = F.linear(x, p[k + ".weight"], p[k + ".bias"])
    y = y + x
    return y


def net(x, p):
    x = first(x, p, "a")
    x = second(x, p, "b")
    return x
""",
    "names bound again and again": """
def net(x, p):
    n = 0
    w, b = p["a.weight"], p["a.bias"]
    x = F.linear(x, w, b) + n
    n += 3
    w, b = p["b.weight"], p["b.bias"]
    if n > 2:
        x = x * 2
    return F.linear(x, w, b) * n
""",
}


@pytest.mark.parametrize("name", BODIES)
def test_the_module_is_the_functions(name: str) -> None:
    text = HEAD + BODIES[name].lstrip("\n") + TAIL
    done = convert_source(text, Options("module", init="exact"))
    assert done.changed, [one.render("") for one in done.all_kept]
    assert "F.linear" not in done.text
    assert told_by(text) == told_by(done.text)
    assert convert_source(done.text, Options("module", init="exact")).text == done.text


def test_what_is_given_back_has_the_name_that_it_is_bound_to() -> None:
    text = HEAD + BODIES["the outcome under the name of what was handed over"].lstrip("\n") + TAIL
    rows = convert_source(text, Options("module")).text.splitlines()
    start = rows.index("    def forward(self, x):")
    wanted = ["x = self.a(x)", "x = x + 1", "y = self.b(x)", "y = y + x", "x = y", "return x"]
    assert [row.strip() for row in rows[start + 1 : start + 7]] == wanted


STAYS = {
    "an index of the module's": BODIES["names bound again and again"].replace("    n = 0", "    global n\n    n = 0"),
    "called where it may not run": BODIES["helpers of helpers"].replace(
        "x = x + layer", "x = x if x is None else x + layer"
    ),
    "something runs before it": BODIES["helpers of helpers"].replace("x = x + layer", "x = x.exp() + layer"),
    "a name that means something else in the caller": BODIES["locals that the caller has too"].replace(
        "y = x.exp()", "y = scale = x.exp()"
    ),
    "returns in between": BODIES["the caller's variable goes on"].replace(
        "    x = torch.tanh(x)\n", "    if k == 'b':\n        return x\n    x = torch.tanh(x)\n"
    ),
    "a default that is computed": BODIES["the caller's variable goes on"].replace("k):", "k, s=torch.ones(1)):"),
    "itself": BODIES["the caller's variable goes on"].replace("x = torch.tanh(x)", "x = layer(x, p, k)"),
    "a generator": BODIES["the caller's variable goes on"].replace("x = torch.tanh(x)", "yield x"),
}


@pytest.mark.parametrize("name", STAYS)
def test_what_cannot_be_written_out_stays(name: str) -> None:
    text = HEAD + STAYS[name].lstrip("\n") + TAIL
    done = convert_source(text, Options("module", init="exact"))
    assert not done.changed or "global n" in done.text
    assert any(one.what.startswith("F.linear") for one in done.all_kept)
