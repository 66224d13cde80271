"""Layers that are gathered in lists, in loops and under conditions: objects that a method runs by their kinds."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]


def rows(*shape: int) -> Any:
    import torch

    return lambda: [torch.randn(*shape, generator=torch.Generator().manual_seed(3))]


def codes(conversion: Any) -> list[str]:
    return [kept.code for kept in conversion.all_kept]


def net(init: str, forward: str = "return self.net(x)", arguments: str = "n=3, dim=8", methods: str = "") -> str:
    def body(text: str, depth: int = 2) -> str:
        return "\n".join(f"{'    ' * depth}{line}" if line else "" for line in text.strip("\n").split("\n"))

    return f"""class Block(nn.Module):
    def forward(self, x):
        return x * 2


class Net(nn.Module):
    def __init__(self, {arguments}):
        super().__init__()
{body(init)}

    def forward(self, x):
{body(forward)}

{body(methods, 1)}
"""


METHOD = net(
    "self.net = self._make_layers([4, 'M', 6, 'M'], norm)",
    arguments="norm=True",
    methods="""
def _make_layers(self, cfg, norm):
    layers = []
    channels = 3
    for width in cfg:
        if width == 'M':
            layers += [nn.MaxPool2d(2)]
        else:
            conv = nn.Conv2d(channels, width, 3, padding=1)  # keeps the size
            nn.init.zeros_(conv.bias)
            layers.append(conv)
            if norm:
                layers.append(nn.BatchNorm2d(width))
            layers += [nn.ReLU(inplace=True), nn.Dropout(0.3)]
            channels = width
    return nn.Sequential(*layers)
""",
)


def test_a_method_that_fills_a_list(judge: Any) -> None:
    conversion = judge(METHOD, rows(2, 3, 8, 8), (), (False,))
    assert not conversion.all_kept
    assert "return self.apply_net(x)" in conversion.text
    assert "return nn.ModuleList(layers)" in conversion.text
    assert "conv = self.make_conv2d(channels, width)  # keeps the size" in conversion.text
    assert "            elif layer.kind == 'ReLU':\n" in conversion.text


BLOCKS = net(
    """
def block(i, o, norm=True):
    layers = [nn.Linear(i, o)]
    if norm:
        layers.append(nn.BatchNorm1d(o, 0.8))
    layers.append(nn.LeakyReLU(0.2, inplace=True))
    return layers

layers = []
for i in range(n):
    layers.extend(block(dim, dim, i > 0))
self.net = nn.Sequential(
    *layers,
    nn.Linear(dim, 4, bias=False),  # the last one
    nn.Tanh(),
)
"""
)


def test_a_function_that_gives_a_list(judge: Any) -> None:
    conversion = judge(BLOCKS, rows(4, 8), (), (1,), (0,))
    assert not conversion.all_kept
    assert "self.net = nn.ModuleList([\n            *layers,\n" in conversion.text
    assert "self.make_linear_1(dim, 4),  # the last one" in conversion.text


GUESTS = net(
    """
layers = []
for i in range(n):
    layers += [nn.Linear(dim, dim), Block()]
layers = layers[1:]
layers[0] = nn.Identity()
self.net = nn.Sequential(*layers)
"""
)


def test_modules_of_the_file_are_called(judge: Any) -> None:
    conversion = judge(GUESTS, rows(4, 8), (), (2,))
    assert not conversion.all_kept
    assert "if type(layer) is not nn.Module:\n                x = layer(x)" in conversion.text


ONE_KIND = net("self.net = nn.Sequential(*[nn.Linear(dim, dim) for _ in range(n)])")


def test_one_kind_needs_no_word(judge: Any) -> None:
    conversion = judge(ONE_KIND, rows(4, 8), (), (0,))
    assert not conversion.all_kept
    assert "        for layer in self.net:\n            x = F.linear(x, layer.weight, layer.bias)\n" in conversion.text
    assert "kind" not in conversion.text


NESTED = net(
    """
layers = []
for i in range(n):
    layers.append(nn.Sequential(nn.Linear(dim, dim), nn.ReLU()))
    layers.append(nn.Sequential(OrderedDict([('norm', nn.LayerNorm(dim)), ('act', nn.Sigmoid())])))
self.net = nn.Sequential(*layers)
"""
)


def test_sequentials_inside(judge: Any) -> None:
    conversion = judge("from collections import OrderedDict\n" + NESTED, rows(4, 8), (), (1,))
    assert not conversion.all_kept
    assert "x = self.apply_layers(layer.values(), x)" in conversion.text
    assert "return self.apply_layers(self.net, x)" in conversion.text


NAMED = net(
    """
self.net = nn.Sequential()
for i in range(n):
    self.net.add_module('fc%d' % i, nn.Linear(dim, dim))
    self.net.add_module('act%d' % i, nn.Tanh())
"""
)


def test_layers_with_names(judge: Any) -> None:
    conversion = judge(NAMED, rows(4, 8), (), (1,))
    assert not conversion.all_kept
    assert "self.net = nn.ModuleDict()" in conversion.text
    assert "for layer in self.net.values():" in conversion.text


EACH = net(
    """
layers = [nn.Linear(dim, dim)]
for i in range(n):
    layers += [nn.ReLU(), nn.Linear(dim, dim, bias=i % 2 == 0)]
self.net = nn.Sequential(*layers)
self.other = nn.Sequential(*[layer for layer in layers])
""",
    """
kept = [self.net(x), self.other(x)]
for i, layer in enumerate(self.net):
    x = layer(x)
    kept.append(x * i)
return sum(kept) + self.net[0].weight.norm() + len(self.net)
""",
)


def test_layers_are_run_one_by_one_too(judge: Any) -> None:
    conversion = judge(EACH, rows(4, 8), (), (1,))
    assert not conversion.all_kept
    assert "x = self.apply_layer(layer, x)" in conversion.text
    assert "kept = [self.apply_layers(self.net, x), self.apply_layers(self.other, x)]" in conversion.text


@pytest.mark.parametrize(
    ("init", "forward"),
    [
        pytest.param(
            "layers = [nn.Linear(dim, dim) for _ in range(n)]\nself.plain = layers\nself.net = nn.Sequential(*layers)",
            "return self.net(x) + self.plain[0](x)",
            id="the list is kept",
        ),
        pytest.param(
            "layers = [nn.Linear(dim, dim) for _ in range(n)]\nself.net = nn.Sequential(*layers)",
            "return torch.utils.checkpoint.checkpoint(self.net, x)",
            id="the container is a value",
        ),
        pytest.param(
            "layers = [nn.Linear(dim, dim) for _ in range(n)]\nlayers[0].register_forward_hook(print)\n"
            "self.net = nn.Sequential(*layers)",
            "return self.net(x)",
            id="a layer has a hook",
        ),
        pytest.param(
            "def add(into):\n    into.append(nn.Linear(dim, dim))\nlayers = []\nfor _ in range(n):\n    add(layers)\n"
            "self.net = nn.Sequential(*layers)",
            "return self.net(x)",
            id="a list that is handed over",
        ),
        pytest.param(
            "layers = [nn.Linear(dim, dim) for _ in range(n)]\nself.net = nn.Sequential(*layers)",
            "part = self.net[1:]\nreturn part(x)",
            id="a part of it is a value",
        ),
    ],
)
def test_noop_where_layers_go_out_of_sight(to_function: Any, init: str, forward: str) -> None:
    conversion = to_function(net(init, forward))
    assert not conversion.changed
    assert codes(conversion)


LISTS = net(
    """
def block(i, o):
    def make():
        fc = nn.Linear(i, o)
        nn.init.ones_(fc.bias)
        return fc

    return nn.Sequential(make(), nn.Dropout(p), nn.GELU())

self.stages = nn.ModuleList()
for i in range(n):
    self.stages.append(block(dim, dim))
self.pairs = nn.ModuleList([
    nn.ModuleList([nn.Sequential(nn.Linear(dim, dim), nn.Sigmoid()), Block()]) for _ in range(n)
])
self.kinds = nn.ModuleList([nn.Linear(dim, dim), nn.ReLU(), Block()])
""",
    """
for stage in self.stages:
    x = stage(x)
for first, second in self.pairs:
    x = x + second(first(x))
return [len(self.stages) * x] + [layer(x) for layer in self.kinds]
""",
    "n=2, dim=8, p=0.1",
)


def test_sequentials_in_lists(judge: Any) -> None:
    conversion = judge(LISTS, rows(4, 8), (), (1,))
    assert not conversion.all_kept
    assert "for stage in self.stages:\n            x = self.apply_layers(stage, x)" in conversion.text


BATCHES = net(
    """
layers = [nn.InstanceNorm1d(3, affine=True), nn.ReLU()]
for i in range(n):
    layers += [nn.BatchNorm1d(3, momentum=None), nn.InstanceNorm1d(3, track_running_stats=i == 0)]
self.net = nn.Sequential(*layers)
"""
)


def test_norms_count_batches_and_take_none(judge: Any) -> None:
    conversion = judge(BATCHES, rows(4, 3, 5), (), (1,))
    assert "unbatched = x.dim() == 2" in conversion.text


@pytest.mark.usefixtures("torch")
def test_members_have_a_mode_of_their_own(to_function: Any) -> None:
    import torch
    from referee import names_of

    text = net(
        "layers = []\nfor _ in range(n):\n    layers += [nn.BatchNorm1d(dim), nn.Dropout()]\n"
        "self.net = nn.Sequential(*layers)"
    )
    head = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n"
    conversion = to_function(text)
    assert not conversion.all_kept
    found = []
    for one in (head + text, conversion.text):
        torch.manual_seed(0)
        model = names_of(one)["Net"]()
        model.net.eval()
        model.net[3].train()
        found.append((model(torch.randn(4, 8)), *model.state_dict().values()))
    for before, after in zip(*found, strict=True):
        assert torch.equal(before, after)


@pytest.mark.usefixtures("torch")
def test_copies_have_tensors_of_their_own(to_function: Any) -> None:
    import copy

    import torch
    from referee import names_of

    model = names_of(to_function(BLOCKS).text)["Net"]()
    other = copy.deepcopy(model)
    torch.nn.init.zeros_(next(other.parameters()))
    assert not torch.equal(model.net[0].weight, other.net[0].weight)
    assert list(model.state_dict()) == list(other.state_dict())


GIVEN = net(
    """
def block(i, o):
    layers = [nn.Linear(i, o), nn.LeakyReLU(0.01)]
    return layers

layers = block(dim, dim)
for _ in range(n):
    layers.extend(block(dim, dim))
self.net = nn.Sequential(*layers).double()
self.more = nn.ModuleList()
for i in range(n):
    self.more.add_module("part_%d" % i, nn.Sequential(*block(dim, dim), nn.Linear(dim, dim)))
""",
    """
x = self.net(x.double()).float()
for part in self.more:
    x = part(x)
return x
""",
)


def test_a_list_that_a_function_gave_grows(judge: Any) -> None:
    conversion = judge(GIVEN, rows(4, 8), (), (1,))
    assert not conversion.all_kept


def test_noop_where_another_module_takes_a_place(to_function: Any) -> None:
    init = "layers = [nn.Linear(dim, dim) for _ in range(n)]\nself.net = nn.Sequential(*layers)\nself.net[0] = Block()"
    assert not to_function(net(init)).changed


def test_noop_where_a_function_keeps_the_list_it_gives(to_function: Any) -> None:
    init = """
def block():
    layers = [nn.ReLU()]
    self.kept = layers
    return layers

layers = block()
for _ in range(n):
    layers.append(nn.Linear(dim, dim))
self.net = nn.Sequential(*layers)
"""
    assert not to_function(net(init, "return self.net(x) + len(self.kept)")).changed


NAMED_LISTS = net(
    """
self.heads = nn.ModuleDict({k: nn.Sequential(nn.Linear(dim, dim), nn.ReLU()) for k in "ab"})
self.heads["c"] = nn.Sequential(nn.Linear(dim, dim), nn.BatchNorm1d(dim))
others = nn.ModuleDict([["d", nn.Sequential(nn.Linear(dim, dim))], ["e", Block()]])
others["f"] = nn.Sequential(nn.Tanh(), Block())
self.others = others
""",
    """
found = {name: head(x) for name, head in self.heads.items()}
for head in self.others.values():
    x = head(x)
return x + found["a"] + self.heads["c"](x)
""",
)


def test_sequentials_in_dictionaries(judge: Any) -> None:
    conversion = judge(NAMED_LISTS, rows(4, 8))
    assert not conversion.all_kept
    assert "for name, head in self.heads.items()}" in conversion.text


def test_slices_of_it_run(judge: Any) -> None:
    fill = "layers = []\nfor i in range(n):\n    layers += [nn.Linear(dim, dim), nn.ReLU()]\n"
    init = fill + "self.net = nn.Sequential(*layers)"
    conversion = judge(net(init, "return self.net[2:](self.net[:2](x)) + self.net[1:1](x)"), rows(4, 8))
    assert not conversion.all_kept
    assert "self.apply_layers(self.net[2:], self.apply_layers(self.net[:2], x))" in conversion.text
