"""Constructor arguments that nobody gave: guessed from names, annotations, and what the file does with them."""

from __future__ import annotations

from nnflip import runtime as torch
from nnflip.convert.verify.inside.arguments import MissingArgument, guesses
from nnflip.convert.verify.inside.usage import uses

TEXT = """\
class Base(nn.Module):
    def __init__(self, cell, sizes, config, act, c1, options, spare):
        if cell in ("LSTM", "GRU"):
            self.cell = getattr(nn, cell)(sizes[0], config.hidden_size)
        for size in sizes:
            self.layers.append(nn.Linear(size, config.head.width))
        self.kind = options["kind"]
        self.act = act()
        self.config = config

    def forward(self, x):
        return x[:, : len(self.config.steps)]


class Net(Base):
    pass
"""


def test_the_file_says_what_an_argument_is():
    found = uses(TEXT, "Net")
    assert found[("cell",)].words == ["LSTM", "GRU"]
    assert found[("sizes",)].listed
    assert found[("config",)].fields == ["hidden_size", "head", "steps"]
    assert (found[("config", "head")].fields, found[("config", "steps")].listed) == (["width"], True)
    assert (found[("options",)].keys, found[("act",)].called) == (["kind"], True)
    assert uses(TEXT, "NoSuchClass") == {}


def guessed(init: str, body: str = "pass"):
    text = f"class Net:\n    def __init__(self, {init}):\n        {body}\n"
    scope = {"torch": torch, "nn": torch.nn, "Optional": object}
    exec("from __future__ import annotations\n" + text, scope)
    return next(guesses(scope["Net"], scope, text, torch))


def test_arguments_are_filled_by_what_they_are_for():
    assert guessed("in_chs, c2, kernel_size") == {"in_chs": 8, "c2": 16, "kernel_size": 3}
    assert guessed("cell", "cell == 'LSTM'") == {"cell": "LSTM"}
    assert guessed("layers_hidden", "zip(layers_hidden, layers_hidden[1:])") == {"layers_hidden": [8, 16, 16, 16]}
    assert guessed("depths: list[int]") == {"depths": [1, 1, 1, 1]}
    assert guessed("act_layer, norm_layer: type[nn.Module]") == {
        "act_layer": torch.nn.ReLU,
        "norm_layer": torch.nn.BatchNorm2d,
    }
    assert guessed("cfg", "self.fc = nn.Linear(cfg.dim, cfg.num_classes)")["cfg"].__dict__ == {
        "dim": 16,
        "num_classes": 10,
    }
    assert guessed("opt", "opt['width']") == {"opt": {"width": 16}}


def test_a_bottleneck_is_tried_with_an_input_as_wide_as_its_output():
    text = "class Net:\n    expansion = 4\n    def __init__(self, inplanes, planes): pass\n"
    scope = {}
    exec(text, scope)
    assert {"inplanes": 64, "planes": 16} in list(guesses(scope["Net"], scope, text, torch))


def test_what_is_called_or_of_a_class_of_its_own_stays_open():
    for init, body in (("thing", "thing(3)"), ("table: Tokenizer", "pass")):
        try:
            made = guessed(init, body)
        except MissingArgument as open_argument:
            made = str(open_argument)
        assert made == init.partition(":")[0]
