"""Functions of explicit weights that no module can stand in for stay as they are, with the reason."""

from __future__ import annotations

import pytest

from nnflip.convert import Options, convert_source

HEAD = "import torch\nimport torch.nn.functional as F\n\n\n"
NET = """def net(p, x):
    return F.linear(x, p["fc.weight"])
"""
MAKE = 'def make():\n    return {"fc.weight": torch.randn(4, 4, requires_grad=True)}\n\n\n'
USE = "\n\np = make()\nprint(net(p, torch.ones(1, 4)))\n"
CASES = {
    "changed in place while it is made": (
        'def make():\n    p = {"fc.weight": torch.empty(4, 4)}\n    p["fc.weight"].normal_(0, 0.1)\n    return p\n\n\n'
        + NET,
        "NF287",
    ),
    "two keys for one tensor": (
        'def make():\n    w = torch.randn(4, 4)\n    return {"fc.weight": w, "tied": w}\n\n\n' + NET + USE,
        "NF287",
    ),
    "a number among the weights": (MAKE.replace("}", ', "lr": 0.1}') + NET + USE, "NF287"),
    "integers among the weights": (MAKE.replace("}", ', "steps": torch.tensor([1, 2])}') + NET + USE, "NF287"),
    "made of local variables": (
        NET + '\n\ndef main(n):\n    p = {"fc.weight": torch.randn(n, 4)}\n    return net(p, torch.ones(1, 4))\n',
        "NF287",
    ),
    "a variable that is declared global": (
        MAKE + NET + "\n\ndef main():\n    global p\n    p = make()\n    return net(p, torch.ones(1, 4))\n",
        "NF286",
    ),
    "used inside an f-string": (MAKE + NET + '\n\np = make()\nprint(f"{net(p, torch.ones(1, 4))}")\n', "NF237"),
    "handed on to a map": (MAKE + NET + "\n\nprint(list(map(net, [make()], [torch.ones(1, 4)])))\n", "NF290"),
    "weights that are stored again": (
        MAKE + NET + '\n\np = make()\np["fc.weight"] = p["fc.weight"] * 2\nprint(net(p, torch.ones(1, 4)))\n',
        "NF289",
    ),
    "the names of other keys are seen": (
        'p = {"w": torch.randn(4, 4, requires_grad=True)}\n\n\ndef net(p, x):\n    return F.linear(x, p["w"])\n\n\n'
        "print(net(p, torch.ones(1, 4)), [name for name, _ in p.items()])\n",
        "NF289",
    ),
    "one layer called in two ways": (
        'def make():\n    return {"c.weight": torch.randn(4, 4, 3, 3)}\n\n\ndef net(p, x):\n'
        '    return F.conv2d(F.conv2d(x, p["c.weight"], padding=1), p["c.weight"], stride=2)\n',
        "NF203",
    ),
    "a method that nn.Module has": (
        'p = {"a.weight": torch.randn(4, 4)}\n\n\ndef train(p, x):\n    return F.linear(x, p["a.weight"])\n\n\n'
        'def net(p, x):\n    return F.linear(train(p, x), p["a.weight"])\n\n\nprint(net(p, torch.ones(1, 4)))\n',
        "NF291",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_stays(name: str) -> None:
    body, code = CASES[name]
    done = convert_source(HEAD + body, Options("module"))
    assert done.text == HEAD + body
    found = [one for one in done.all_kept if one.what.startswith(("F.linear", "F.conv2d"))]
    assert found
    assert all(code == one.code or (one.code == "NF296" and one.message) for one in found), found


def test_weights_that_nothing_trains_are_frozen() -> None:
    body = 'p = {"fc.weight": torch.randn(4, 4)}\n\n\n' + NET + "\n\nprint(net(p, torch.ones(1, 4)).numpy())\n"
    text = convert_source(HEAD + body, Options("module")).text
    assert "self.fc.weight.requires_grad_(False)" in text
    assert "print(net(torch.ones(1, 4)).numpy())" in text


def test_strict_leaves_all_where_something_is_kept() -> None:
    text = HEAD + MAKE + NET + "\n\ndef loss(y, t):\n    return F.mse_loss(y, t)\n"
    assert convert_source(text, Options("module")).changed
    assert not convert_source(text, Options("module", strict=True)).changed


def test_only_names_the_class() -> None:
    text = HEAD + MAKE + NET
    assert convert_source(text, Options("module", only=frozenset({"Net"}))).changed
    assert not convert_source(text, Options("module", only=frozenset({"Other"}))).changed
