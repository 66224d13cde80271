"""Layers without state that a script or a method makes for itself: calls of functions, or a reason why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnflip.convert import Conversion, Options, convert_files, convert_source

HEAD = """import torch
import torch.nn as nn
"""


def converted(text: str, to: str = "functional") -> Conversion:
    return convert_source(HEAD + text, Options(to))  # type: ignore[arg-type]


FLIP = {
    "a loss of a script": ("loss = nn.MSELoss()\nprint(loss(y, t))\n", "print(F.mse_loss(y, t))\n"),
    "with settings": (
        "loss = nn.CrossEntropyLoss(ignore_index=1, reduction='sum')\nloss(y, t).backward()\n",
        "F.cross_entropy(y, t, ignore_index=1, reduction='sum').backward()\n",
    ),
    "moved": ("loss = nn.L1Loss().to(device)\nloss(y, t)\n", "F.l1_loss(y, t)\n"),
    "moved later": ("loss = nn.L1Loss()\nloss.cuda()\nloss(y, t)\n", "F.l1_loss(y, t)\n"),
    "moved and bound": ("loss = nn.L1Loss()\nif cuda:\n    loss = loss.cuda()\nloss(y, t)\n", "F.l1_loss(y, t)\n"),
    "moved with others": (
        "loss = nn.L1Loss()\nif cuda:\n    loss.cuda()\n    net.cuda()\nloss(y, t)\n",
        "if cuda:\n    net.cuda()\nF.l1_loss(y, t)\n",
    ),
    "moved after a question with effect": (
        "loss = nn.L1Loss()\nif ask():\n    loss.cuda()\nloss(y, t)\n",
        "if ask():\n    pass\nF.l1_loss(y, t)\n",
    ),
    "a local": (
        "def f(x):\n    act = nn.LeakyReLU(0.3)\n    return act(x)\n",
        "def f(x):\n    return F.leaky_relu(x, 0.3)\n",
    ),
    "at once": ("def f(x):\n    return nn.Softmax(dim=1)(x)\n", "def f(x):\n    return F.softmax(x, dim=1)\n"),
    "in a nested function": (
        "def f():\n    act = nn.GELU()\n    return lambda x: act(x)\n",
        "def f():\n    return lambda x: F.gelu(x)\n",
    ),
    "an argument that is a constant": (
        "PAD = 1\nloss = nn.NLLLoss(ignore_index=PAD)\nloss(y, t)\n",
        "PAD = 1\nF.nll_loss(y, t, ignore_index=PAD)\n",
    ),
    "an argument of the function": (
        "def f(x, slope):\n    act = nn.LeakyReLU(slope)\n    return act(x)\n",
        "def f(x, slope):\n    return F.leaky_relu(x, slope)\n",
    ),
    "where F is something else": (
        "def f(x, F):\n    return nn.GELU()(x)\n",
        "def f(x, F):\n    return nn.functional.gelu(x)\n",
    ),
    "one in each branch": (
        "def f(x, y, k):\n    if k:\n        a = nn.MSELoss()\n        return a(x, y)\n"
        "    a = nn.L1Loss()\n    return a(x, y)\n",
        "def f(x, y, k):\n    if k:\n        return F.mse_loss(x, y)\n    return F.l1_loss(x, y)\n",
    ),
    "with its comment": ("loss = nn.MSELoss()  # the loss\nloss(y, t)\n", "# the loss\nF.mse_loss(y, t)\n"),
    "a class of something else": (
        "class Trainer:\n    def step(self, y, t):\n        loss = nn.MSELoss()\n        return loss(y, t)\n",
        "class Trainer:\n    def step(self, y, t):\n        return F.mse_loss(y, t)\n",
    ),
}


@pytest.mark.parametrize("case", FLIP)
def test_flips(case: str) -> None:
    before, after = FLIP[case]
    done = converted(before)
    assert done.text.endswith(after), done.text
    assert done.converted
    assert not done.kept
    assert not convert_source(done.text, Options("functional")).changed


NOOP = {
    "handed on": "loss = nn.MSELoss()\ntrain(net, loss)\nloss(y, t)\n",
    "asked for something": "loss = nn.MSELoss()\nprint(loss.reduction)\nloss(y, t)\n",
    "hooked": "loss = nn.MSELoss()\nloss.register_forward_hook(h)\nloss(y, t)\n",
    "bound twice": "loss = nn.MSELoss()\nif k:\n    loss = nn.L1Loss()\nloss(y, t)\n",
    "an argument of the same name": "def f(x, a=None):\n    if a is None:\n        a = nn.ReLU()\n    return a(x)\n",
    "global": "def f():\n    global loss\n    loss = nn.MSELoss()\n\n\nloss = nn.MSELoss()\nloss(y, t)\n",
    "nonlocal": "def f(x):\n    a = nn.ReLU()\n\n    def g():\n        nonlocal a\n        a = h\n    return a(x)\n",
    "a weight": "loss = nn.CrossEntropyLoss(weight=w)\nloss(y, t)\n",
    "weights of its own": "layer = nn.Linear(2, 3)\nlayer(x)\n",
    "a mode": "drop = nn.Dropout(0.5)\ndrop(x)\n",
    "no call": "loss = nn.MSELoss()\n",
    "exported": "__all__ = ['loss']\nloss = nn.MSELoss()\nloss(y, t)\n",
    "a library's": "act = nn.ReLU()\n\n\ndef f(x):\n    return act(x)\n",
    "asked by name": "loss = nn.MSELoss()\nglobals()['lo' + 'ss'](y, t)\nloss(y, t)\n",
    "an argument that changes": "def f(x, s):\n    act = nn.LeakyReLU(s)\n    s = 1\n    return act(x)\n",
    "an argument that is computed": "loss = nn.NLLLoss(ignore_index=vocab['<pad>'])\nloss(y, t)\n",
    "an argument hidden at the call": (
        "PAD = 1\nloss = nn.NLLLoss(ignore_index=PAD)\n\n\ndef f(y, t, PAD):\n    return loss(y, t)\n\n\nloss(y, t)\n"
    ),
    "an argument that a loop changes": (
        "def f(xs, k):\n    for x in xs:\n        if k:\n            a = nn.LeakyReLU(s)\n            s = x.max()\n"
        "            yield a(x)\n        else:\n            a = nn.ELU(s)\n            yield a(x)\n"
    ),
    "made in a loop": "def f(xs):\n    for x in xs:\n        yield act(x)\n        act = nn.ReLU()\n",
    "in an f-string": "loss = nn.MSELoss()\nprint(f'{loss(y, t)}')\n",
    "a default": "act = nn.ReLU()\n\n\ndef f(x, a=act):\n    return a(x)\n\n\nact(x)\n",
    "a case": "loss = nn.MSELoss()\nmatch y:\n    case {'a': loss}:\n        pass\nloss(y, t)\n",
    "an exception": "loss = nn.MSELoss()\ntry:\n    pass\nexcept E as loss:\n    pass\nloss(y, t)\n",
    "deleted": "loss = nn.MSELoss()\nloss(y, t)\ndel loss\n",
    "a class's own": "class A:\n    loss = nn.MSELoss()\n    value = loss(y, t)\n",
    "another in a loop": (
        "def f(xs):\n    act = nn.ReLU()\n    for x in xs:\n        yield act(x)\n        act = nn.Tanh()\n"
    ),
    "moved by an effect": "loss = nn.MSELoss().to(pick())\nloss(y, t)\n",
    "with starred arguments": "loss = nn.MSELoss()\nloss(*pair)\n",
}


@pytest.mark.parametrize("case", NOOP)
def test_noop(case: str) -> None:
    done = converted(NOOP[case])
    assert not done.changed, done.text
    assert {kept.code for kept in done.kept} <= {"NF230", "NF243", "NF231"}
    assert done.kept


def test_the_reason_names_the_line() -> None:
    (kept,) = converted("loss = nn.MSELoss()\ntrain(net, loss)\nloss(y, t)\n").kept
    assert "`loss` is more than called on line 4: `train(net, loss)`" in kept.message


def test_arguments_that_cannot_be_read_are_said_to_be() -> None:
    (kept,) = converted("loss = nn.MSELoss()\nloss(*pair)\n").kept
    assert kept.message.partition("stays a module: ")[2].startswith("its arguments cannot be read")


def test_a_script_with_a_row_of_layers_is_told_what_it_takes() -> None:
    (linear, relu) = converted("net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())\nnet(x)\n").kept
    assert linear.code == relu.code == "NF243"
    assert "class" in linear.cure


def test_what_a_method_makes_for_itself_is_told_with_its_class() -> None:
    done = converted(
        "class Net(nn.Module):\n    def forward(self, x):\n        act = nn.ReLU()\n        return act(x)\n"
    )
    (model,) = done.models
    assert [site.what for site in model.converted] == ["nn.ReLU → F.relu", "act → F.relu"]
    assert not model.kept
    assert not done.converted


def test_recommended_leaves_losses_that_may_hold_weights() -> None:
    assert not converted("loss = nn.CrossEntropyLoss()\nloss(y, t)\n", "recommended").changed
    assert converted("loss = nn.MSELoss()\nloss(y, t)\n", "recommended").changed


def test_a_name_that_another_file_of_the_run_imports_stays(tmp_path: Path) -> None:
    train, other = tmp_path / "train.py", tmp_path / "other.py"
    train.write_text(HEAD + "loss = nn.MSELoss()\nloss(y, t)\n")
    other.write_text("import torch\n")
    assert convert_files([train, other], Options("functional"))[str(train)].changed
    other.write_text("import torch\nfrom train import loss\n")
    assert not convert_files([train, other], Options("functional"))[str(train)].changed
