"""Layers that functions of the file build: written out where they are assigned, or left with the function."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]


def images(channels: int = 3) -> Any:
    import torch

    return lambda: [torch.randn(2, channels, 6, 6, generator=torch.Generator().manual_seed(3))]


def rows(size: int = 6) -> Any:
    import torch

    return lambda: [torch.randn(4, size, generator=torch.Generator().manual_seed(3))]


def net(*lines: str, call: str = "self.layer(x)", takes: str = "") -> str:
    body = "".join(f"        {line}\n" for line in lines)
    return (
        f"class Net(nn.Module):\n    def __init__(self{takes}):\n        super().__init__()\n{body}\n"
        f"    def forward(self, x):\n        return {call}\n"
    )


CONV = '''def conv3x3(in_planes, out_planes, stride=1, groups=1):
    """3x3 convolution with padding"""
    return nn.Conv2d(in_planes, out_planes, kernel_size=3, stride=stride, padding=1, groups=groups, bias=False)


'''


def test_a_function_that_returns_a_layer_is_written_out(judge: Any) -> None:
    text = CONV + net("self.layer = conv3x3(3, width, stride=2)", takes=", width=4")
    conversion = judge(text, images(), (4,), (6,))
    assert "self.layer_weight = nn.Parameter(torch.empty(width, 3, 3, 3))" in conversion.text
    assert "F.conv2d(x, self.layer_weight, stride=2, padding=1)" in conversion.text
    assert CONV in conversion.text  # another file may call it
    assert not conversion.all_kept
    assert conversion.models[0].style_after == "functional"


BLOCK = """def block(inp, oup, k=3, act=True, norm=nn.BatchNorm2d):
    pad = (k - 1) // 2
    layers = [nn.Conv2d(inp, oup, k, padding=pad, bias=not norm)]
    if norm is not None:
        layers.append(norm(oup))
    if act:
        layers += [nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


"""


def test_a_body_is_followed_as_far_as_it_is_certain(judge: Any) -> None:
    text = BLOCK + net("self.layer = nn.Sequential(block(3, 4), block(4, 4, 1, norm=None), block(4, 2, act=False))")
    conversion = judge(text, images())
    assert "padding=1)" in conversion.text
    assert "self.layer_1_0_bias = nn.Parameter(torch.empty(4))" in conversion.text
    assert "layer_0_0_bias" not in conversion.text
    assert not conversion.all_kept


def test_a_list_of_layers_is_spliced_and_an_inner_function_goes(judge: Any) -> None:
    lines = (
        "def block(i, o, normalize=True):",
        "    layers = [nn.Linear(i, o)]",
        "    if normalize:",
        "        layers.append(nn.BatchNorm1d(o, 0.8))",
        "    layers.append(nn.LeakyReLU(0.2, inplace=True))",
        "    return layers",
        "",
        "self.layer = nn.Sequential(*block(6, 5, normalize=False), *block(5, 4), nn.Linear(4, 1), nn.Tanh())",
    )
    conversion = judge(net(*lines), rows())
    assert "def block" not in conversion.text
    assert not conversion.all_kept


def test_a_method_of_the_class_is_written_out(judge: Any) -> None:
    method = "\n    def _block(self, i, o):\n        return nn.Sequential(nn.Linear(i, o), nn.Tanh())\n"
    conversion = judge(net("self.layer = nn.Sequential(self._block(6, 5), self._block(5, 4))") + method, rows())
    assert "F.linear(x, self.layer_1_0_weight, self.layer_1_0_bias)" in conversion.text


def test_another_name_for_a_class_and_a_partial_are_read(judge: Any) -> None:
    head = "from functools import partial\n\nBN = nn.BatchNorm2d\nGN = partial(nn.GroupNorm, 2, eps=1e-3)\n\n\n"
    conversion = judge(head + net("self.a = BN(4)", "self.b = GN(4)", call="self.b(self.a(x))"), images(4))
    assert "self.b_weight, self.b_bias, 0.001)" in conversion.text or "eps=1e-3" in conversion.text
    assert not conversion.all_kept


def test_arguments_in_a_dictionary_are_written_out(judge: Any) -> None:
    lines = ("dd = {'device': device, 'dtype': dtype}", "self.layer = nn.Linear(6, 5, **dd)")
    conversion = judge(net(*lines, takes=", device=None, dtype=None"), rows())
    assert "torch.empty(5, 6, device=device, dtype=dtype)" in conversion.text


def test_options_are_handed_on(judge: Any) -> None:
    text = "def make(i, o, **options):\n    return nn.Conv2d(i, o, 3, bias=False, **options)\n\n\n"
    conversion = judge(text + net("self.layer = make(3, 4, padding=1)"), images())
    assert "F.conv2d(x, self.layer_weight, padding=1)" in conversion.text


def test_a_return_in_each_branch_is_a_choice(judge: Any) -> None:
    text = (
        "def norm(kind, c):\n    if kind == 'batch':\n        return nn.BatchNorm2d(c)\n    return nn.Identity()\n\n\n"
    )
    conversion = judge(text + net("self.layer = norm(kind, 3)", takes=", kind='batch'"), images(), ("batch",), ("no",))
    assert "def layer(self, x):" in conversion.text


def test_a_name_means_the_same_where_it_is_written() -> None:
    """`size` of the factory is not the `size` of __init__."""
    from nnflip.convert import Options, convert_source

    text = "import torch.nn as nn\n\nsize = 3\n\n\ndef make(i):\n    return nn.Linear(i, size)\n\n\n"
    text += net("self.layer = make(6)", takes=", size=9")
    assert convert_source(text, Options(to="functional")).text == text


ORDERS = {
    "layers are made in another order": "def make(i):\n    a = nn.Linear(i, 4)\n    b = nn.Linear(4, i)\n"
    "    return nn.Sequential(b, a)\n",
    "a layer is made and dropped": "def make(i):\n    a = nn.Linear(i, 4)\n    return nn.Linear(i, 6)\n",
    "one layer stands twice": "def make(i):\n    a = nn.Linear(i, i)\n    return nn.Sequential(a, a)\n",
    "a loop": "def make(i):\n    for _ in range(2):\n        i += 1\n    return nn.Linear(i - 2, 6)\n",
    "a decorator": "def twice(f):\n    return lambda i: nn.Sequential(f(i), f(i))\n\n\n@twice\ndef make(i):\n"
    "    return nn.Linear(i, i)\n",
    "two definitions": "def make(i):\n    return nn.Linear(i, 5)\n\n\ndef make(i):\n    return nn.Linear(i, 6)\n",
    "one name among others": "def make(i):\n    return nn.Linear(i, 5)\n\n\nmake = nn.Tanh\n"
    "make = lambda i: nn.Linear(i, 6)\n",
    "a default that may change": "def make(i, sizes=[6]):\n    return nn.Linear(i, sizes[0])\n",
    "a list under two names": "def make(i):\n    a = [nn.Linear(i, i)]\n    b = a\n    b.append(nn.Tanh())\n"
    "    return nn.Sequential(*a)\n",
    "a test that is not certain": "def make(i):\n    if torch.rand(1) > 2:\n        i = 4\n"
    "    return nn.Linear(i, 6)\n",
}


@pytest.mark.parametrize("factory", ORDERS.values(), ids=ORDERS)
def test_a_factory_that_is_not_certain_stays(factory: str, to_function: Any) -> None:
    text = f"{factory}\n\n{net('self.layer = make(6)')}"
    conversion = to_function(text)
    assert conversion.text == conversion.source


def test_a_tuple_stays_one_argument(judge: Any) -> None:
    text = "def both(k):\n    return k, k\n\n\n" + net("self.layer = nn.Conv2d(3, 4, both(3), padding=both(1))")
    conversion = judge(text, images())
    assert "torch.empty(4, 3, 3, 3)" in conversion.text


def test_a_factory_that_others_use_is_kept_with_its_layers(to_function: Any) -> None:
    conversion = to_function(CONV + net("self.layer = conv3x3(3, 4)") + "\n\nother = conv3x3(3, 3)\n")
    assert [kept.code for kept in conversion.all_kept] == ["NF230"]


def test_a_method_that_a_subclass_replaces_is_not_written_out(to_function: Any) -> None:
    method = "\n    def build(self):\n        return nn.Linear(6, 5)\n"
    other = "\n\nclass Other(Net):\n    def build(self):\n        return nn.Linear(6, 7)\n"
    conversion = to_function(net("self.layer = self.build()") + method + other)
    assert conversion.text == conversion.source


FILLED = """def linear(i, o, bias=True, std=0.1):
    m = nn.Linear(i, o, bias)
    nn.init.normal_(m.weight, std=std / m.in_features)
    if bias:
        m.bias.data.fill_(0.5)
    return m


"""


def test_what_a_factory_does_to_its_layer_is_written_after_it(judge: Any) -> None:
    lines = ("self.a = linear(6, width)", "self.b = nn.Linear(width, 5)", "self.c = linear(5, 4, bias=False, std=std)")
    text = FILLED + net(*lines, call="self.c(self.b(self.a(x)))", takes=", width=4, std=0.2")
    conversion = judge(text, rows(), (4,), (3, 0.5))
    assert "nn.init.normal_(self.a_weight, std=0.1 / 6)" in conversion.text
    assert "self.a_bias.data.fill_(0.5)" in conversion.text
    assert not conversion.all_kept


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("self.layer = nn.Sequential(linear(6, 5), nn.Tanh())",), id="inside a Sequential"),
        pytest.param(("self.layer = linear(6, 5, bias=width > 2)",), id="a test that is not certain"),
    ],
)
def test_a_factory_that_fills_a_layer_among_others_stays(lines: tuple[str, ...], to_function: Any) -> None:
    conversion = to_function(FILLED + net(*lines, takes=", width=4"))
    assert conversion.text == conversion.source


def test_a_factory_that_hands_its_layer_on_stays(to_function: Any) -> None:
    text = "def linear(i, o):\n    m = nn.Linear(i, o)\n    print(m)\n    return m\n\n\n"
    conversion = to_function(text + net("self.layer = linear(6, 5)"))
    assert conversion.text == conversion.source
    assert "NF214" in [kept.code for kept in conversion.all_kept]


def test_a_private_name_stays_where_it_is(to_function: Any) -> None:
    text = "__size = 5\n\n\ndef make(i):\n    return nn.Linear(i, __size)\n\n\n" + net("self.layer = make(6)")
    assert not to_function(text).changed


def test_a_partial_whose_arguments_may_change_stays(to_function: Any) -> None:
    text = "from functools import partial\n\nsize = 5\nMake = partial(nn.Linear, out_features=size)\nsize = 4\n\n\n"
    assert not to_function(text + net("self.layer = Make(6)")).changed


ORDERED = """class Net(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        self.layer = nn.Sequential(Net._block(3, width, name="enc"), self._block(width, 2, 'dec'))

    @staticmethod
    def _block(i, o, name):
        return nn.Sequential(
            OrderedDict([(name + "conv", nn.Conv2d(i, o, 3, padding=1)), (f"{name}norm", nn.BatchNorm2d(o))])
        )

    def forward(self, x):
        return self.layer(x)
"""


def test_names_of_layers_are_put_together(judge: Any) -> None:
    conversion = judge("from collections import OrderedDict\n\n\n" + ORDERED, images(), (4,), (2,))
    assert conversion.models[0].state_map["layer.0.encnorm.weight"].key == "layer_0_encnorm_weight"


def test_factories_in_a_list_of_layers_are_written_out(judge: Any) -> None:
    lines = (
        "layers = [block(3, 4), nn.ReLU()]",
        "layers.append(block(4, 2, 1))",
        "self.layer = nn.Sequential(*layers)",
    )
    conversion = judge(BLOCK + net(*lines), images())
    assert "self.layer_2_0_weight = nn.Parameter(torch.empty(2, 4, 1, 1))" in conversion.text
