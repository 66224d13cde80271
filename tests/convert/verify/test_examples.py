"""How a file builds and calls its own models is read, and never run."""

from __future__ import annotations

from nnflip.convert.verify.inside.examples import constructions, sizes

FACTORY = """\
import torch
import torch.nn as nn

SIZES = {"small": [8, 4]}


class Block(nn.Module):
    def __init__(self, width, out):
        super().__init__()
        self.fc = nn.Linear(width, out)

    def forward(self, x):
        return self.fc(x)


class Net(nn.Module):
    def __init__(self, block, what):
        super().__init__()
        self.parts = nn.Sequential(*(block(a, b) for a, b in zip(what, what[1:])))

    def forward(self, x):
        return self.parts(x)


def small(scale=1):
    what = SIZES["small"]
    return Net(Block, what)


if __name__ == "__main__":
    open("never", "w")
    print(Net(Block, make())(torch.randn(1, 3, 8)))
"""


def test_arguments_are_read_from_factories_and_what_is_called_is_not():
    names = {"Block": "B", "SIZES": {"small": [8, 4]}}
    assert list(constructions(FACTORY, names, "Net")) == [(["B", [8, 4]], {})]
    assert sizes(FACTORY) == [(1, 3, 8)]


def test_a_model_is_built_as_its_factory_builds_it(verified_on_numpy):
    result = verified_on_numpy(FACTORY, FACTORY, seeds=(0,))
    used = {model.name: (model.verdict, model.used["init_args"]) for model in result.models if model.name == "Net"}
    assert used == {"Net": ("proven", "[[Block, [8, 4]], {}]")}


CONFIG = """\
import torch.nn as nn
from dataclasses import dataclass


@dataclass
class Config:
    n_embd: int = 4096
    bias: bool = False


class Net(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.fc = nn.Linear(config.n_embd, config.n_embd, bias=config.bias)

    def forward(self, x):
        return self.fc(x)
"""


def test_a_configuration_is_filled_with_small_sizes(verified_on_numpy):
    model = verified_on_numpy(CONFIG, CONFIG, seeds=(0,)).models[0]
    assert (model.verdict, model.used["inputs"]) == ("proven", {"x": "float32[2,16]"})


FACTORIES = """
def _net(arch, block, layers, pretrained, **kwargs):
    model = Net(block, layers, **kwargs)
    return model

def small(pretrained=False, **kwargs):
    return _net("small", Block, [1, 2], pretrained, **kwargs)

def wide(pretrained=False, **kwargs):
    kwargs["width"] = 2
    return _net("wide", Block, [1, 2], pretrained, **kwargs)

def plain(*args, **kwargs):
    return Net(Block, *args, layers=[3], **dict(kwargs))

def other(**kwargs):
    return Net(Block, layers=[3], **kwargs)
"""


def test_factories_hand_on_what_they_are_given():
    found = list(constructions(FACTORIES, {"Block": "B"}, "Net"))
    assert found == [(["B", [1, 2]], {}), (["B", [1, 2]], {}), (["B"], {"layers": [3]})]


def test_factories_that_call_themselves_end():
    text = "def make(n, width=3):\n    make(n - 1)\n    return Net(n, width)\ndef both(n):\n    return make(4)\n"
    assert list(constructions(text, {}, "Net")) == [([4, 3], {})]
