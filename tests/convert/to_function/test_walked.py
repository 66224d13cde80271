"""Walkers that look for kinds of layers are told of layers that have become parameters."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]


def rows() -> Any:
    import torch

    return [torch.randn(3, 8, generator=torch.Generator().manual_seed(3))]


def images() -> Any:
    import torch

    return [torch.randn(2, 4, 6, 6, generator=torch.Generator().manual_seed(3))]


OWN = """class Net(nn.Module):
    def __init__(self, wide=False):
        super().__init__()
        self.wide = wide
        self.fc = nn.Sequential(nn.Linear(8, 4, bias=False), nn.ReLU(), nn.Linear(4, 8))
        self.norm = nn.LayerNorm(8)
        if wide:
            self.extra = nn.Linear(8, 8)
        self.last = nn.Linear(8, 2, bias=wide)
        self.init_weights()

    def init_weights(self):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight)
            elif isinstance(m, nn.Linear):
                nn.init.normal_(m.weight, std=0.5)  # wide
                if m.bias is not None:
                    nn.init.uniform_(m.bias)

    def forward(self, x):
        x = self.norm(self.fc(x))
        if self.wide:
            x = self.extra(x)
        return self.last(x)
"""


def test_a_class_is_met_before_its_layers(judge: Any) -> None:
    conversion = judge(OWN, rows, (False,), (True,))
    assert not conversion.all_kept
    assert (
        """            elif isinstance(m, Net):
                nn.init.normal_(m.fc_0_weight, std=0.5)
                nn.init.normal_(m.fc_2_weight, std=0.5)
                nn.init.uniform_(m.fc_2_bias)
                if hasattr(m, 'extra_weight'):
                    nn.init.normal_(m.extra_weight, std=0.5)
                    nn.init.uniform_(m.extra_bias)
                nn.init.normal_(m.last_weight, std=0.5)
                if m.last_bias is not None:
                    nn.init.uniform_(m.last_bias)
"""
        in conversion.text
    )


def test_a_layer_that_may_be_none_is_met_where_it_is_one(judge: Any) -> None:
    text = OWN.replace("        self.last = ", "        else:\n            self.extra = None\n        self.last = ")
    text = text.replace("if self.wide:", "if self.extra is not None:")
    conversion = judge(text, rows, (False,), (True,))
    assert not conversion.all_kept
    assert "if m.extra_weight is not None:" in conversion.text


def test_a_layer_that_replaces_an_empty_sequential_is_met_where_there_is_one(judge: Any) -> None:
    text = OWN.replace("        if wide:\n", "        self.extra = nn.Sequential()\n        if wide:\n")
    text = text.replace("        if self.wide:\n            x = ", "        x = ")
    conversion = judge(text, rows, (False,), (True,))
    assert "if m.extra_weight is not None:" in conversion.text


BLOCKS = """class Block(nn.Module):
    def __init__(self, planes, downsample=None):
        super().__init__()
        self.conv = nn.Conv2d(4, planes, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(planes)
        self.skip = nn.Conv2d(4, planes, 1) if planes != 4 else nn.Identity()
        self.downsample = downsample

    def forward(self, x):
        out = self.bn(self.conv(x)) + self.skip(x)
        return out if self.downsample is None else self.downsample(out)


class Net(nn.Module):
    def __init__(self, planes=4):
        super().__init__()
        self.stem = nn.Conv2d(4, 4, 1)
        self.layers = nn.ModuleList([Block(4), Block(planes, Block(planes) if planes == 4 else None)])
        for m in self.modules():
            if isinstance(m, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
            if isinstance(m, nn.BatchNorm2d):
                nn.init.constant_(m.weight, 0.5)
                m.bias.data.normal_()

    def forward(self, x):
        x = self.stem(x)
        for layer in self.layers:
            x = layer(x)
        return x
"""


def test_blocks_are_met_one_by_one(judge: Any) -> None:
    conversion = judge(BLOCKS, images, (4,), (8,))
    assert not [kept for kept in conversion.all_kept if kept.code == "NF212"]
    assert "if m.skip_weight is not None:" in conversion.text


APPLIED = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(8, 4)
        self.lin = nn.Linear(4, 2)
        self.apply(self._init)

    def _init(self, module):
        if isinstance(module, nn.Linear) and module.bias is not None:
            module.bias.data.fill_(0.25)
        if isinstance(module, (nn.Linear, nn.Embedding)):
            module.weight.data.normal_(mean=0.0, std=0.02)

    def forward(self, x):
        return self.lin(self.emb(x.abs().long() % 8))
"""


def test_apply_meets_a_class_after_its_layers(judge: Any) -> None:
    assert not judge(APPLIED, rows).all_kept


BY_NAME = """def weights_init(m, std=0.5):
    classname = m.__class__.__name__
    if classname.find("Conv") != -1:
        m.weight.data.normal_(0.0, std)
    elif "BatchNorm" in classname:
        nn.init.normal_(m.weight, 1.0, std)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(4, 4, 1)
        self.bn = nn.BatchNorm2d(4)
        self.apply(weights_init)

    def forward(self, x):
        return self.bn(self.c(x))
"""


def test_a_walk_that_asks_for_class_names(judge: Any, to_function: Any) -> None:
    assert not judge(BY_NAME, images).all_kept
    assert not to_function(BY_NAME.replace("Net", "ConvNet")).changed


def net(init: str, layers: str = "", forward: str = "self.fc(x)") -> str:
    return f"""class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 2)
        self.rnn = nn.LSTM(2, 2)


class Net(nn.Module):
    def __init__(self, inner=None):
        super().__init__()
        {layers}
        self.fc = nn.Linear(8, 8)
        for m in self.modules():
            {init}

    def forward(self, x):
        return {forward}
"""


LINEAR = "if isinstance(m, nn.Linear):\n                nn.init.normal_(m.weight)"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(net("if isinstance(m, nn.Linear): print(m)"), id="the layer itself is handed on"),
        pytest.param(net("if isinstance(m, nn.Linear): m.reset_parameters()"), id="a method of the layer is called"),
        pytest.param(net("if isinstance(m, nn.Linear): m.weight = None"), id="a parameter is replaced"),
        pytest.param(net(LINEAR, "self.inner = inner"), id="a module of unknown kind draws before"),
        pytest.param(net(LINEAR, "self.inner = Other()"), id="another class may draw before"),
        pytest.param(
            net(LINEAR + "\n            elif isinstance(m, Net):\n                pass"),
            id="the class has a branch already",
        ),
        pytest.param(net("nn.init.normal_(m.weight) if isinstance(m, nn.Linear) else None"), id="no chain of ifs"),
        pytest.param(net(LINEAR + "\n            else:\n                print(m)"), id="everything is met"),
        pytest.param(net(LINEAR).replace("self.modules()", "self.children()"), id="children leaves the class out"),
        pytest.param(
            net(LINEAR)
            .replace("    def forward", "        self.fc = nn.Linear(8, 8)\n\n    def forward")
            .replace("        self.fc = nn.Linear(8, 8)\n        for", "        for"),
            id="the layer is made after the walk",
        ),
        pytest.param(
            net(LINEAR)
            .replace("for m in self.modules():", "pass\n\n    def init(self):\n        for m in self.modules():")
            .replace("        self.fc = ", "        self.init()\n        self.fc = "),
            id="the layer is made after the call of a method that walks",
        ),
        pytest.param(net(LINEAR) + "\n\nNet = wrap(Net)\n", id="the class's name means something else"),
    ],
)
def test_stays(to_function: Any, text: str) -> None:
    conversion = to_function(text)
    assert "self.fc = nn.Linear(8, 8)" in conversion.text
    assert "NF212" in [kept.code for kept in conversion.all_kept]
