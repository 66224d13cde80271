"""Initialisation as people write it: walks over modules and parameters, told by kind, name, shape or attribute."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]

NET = """{before}class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(3, 4, 3)
        self.bn = nn.BatchNorm1d(4)
        self.fc = nn.Linear(4, 5)
        self.emb = nn.Embedding(7, 5)
        self.last = nn.Linear(5, 5, bias=False)
{lines}

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x))).mean(-1)
        return self.last(self.fc(x)) + self.emb.weight.sum()
{methods}"""


def signals() -> Any:
    import torch

    return [torch.randn(2, 3, 6, generator=torch.Generator().manual_seed(3))]


def net(*lines: str, before: str = "", methods: str = "") -> str:
    body = "\n".join(f"        {line}" for line in lines)
    return "import math\n\n\n" + NET.format(lines=body, before=before, methods=methods)


WALKS = {
    "by several kinds": (
        "for m in self.modules():",
        "    if isinstance(m, (nn.Conv1d, nn.Linear)):",
        "        nn.init.kaiming_normal_(m.weight, mode='fan_out', nonlinearity='relu')",
        "        if m.bias is not None:",
        "            nn.init.zeros_(m.bias)",
        "    elif isinstance(m, (nn.BatchNorm1d, nn.GroupNorm)):",
        "        nn.init.constant_(m.weight, 0.5)",
    ),
    "with the sizes of a layer": (
        "for m in self.modules():",
        "    if isinstance(m, nn.Conv1d):",
        "        n = m.kernel_size[0] * m.out_channels",
        "        n //= m.groups",
        "        m.weight.data.normal_(0, math.sqrt(2. / n))",
    ),
    "by an attribute": (
        "for m in self.modules():",
        "    if hasattr(m, 'weight') and m.weight.dim() > 1:",
        "        nn.init.xavier_uniform_(m.weight)",
    ),
    "by the type itself": (
        "for m in self.modules():",
        "    if type(m) in (nn.Linear, nn.Conv1d):",
        "        nn.init.normal_(m.weight)",
        "    elif type(m) == nn.Embedding:",
        "        nn.init.ones_(m.weight)",
    ),
    "asked for its kind again": (
        "for m in self.modules():",
        "    if isinstance(m, (nn.Linear, nn.Conv1d)):",
        "        nn.init.trunc_normal_(m.weight, std=1 / math.sqrt(m.weight.size(1)))",
        "        if isinstance(m, nn.Linear) and m.bias is not None:",
        "            nn.init.constant_(m.bias, 0)",
    ),
    "with a row that is none": (
        "for m in self.modules():",
        "    if isinstance(m, nn.Embedding):",
        "        m.weight.data.normal_(mean=0.0, std=0.02)",
        "        if m.padding_idx is not None:",
        "            m.weight.data[m.padding_idx].zero_()",
    ),
}


@pytest.mark.parametrize("lines", WALKS.values(), ids=WALKS)
def test_a_walk_is_told(lines: tuple[str, ...], judge: Any) -> None:
    conversion = judge(net(*lines), signals)
    assert not conversion.all_kept
    assert "isinstance(m, Net)" in conversion.text


def test_a_function_that_asks_for_names_of_classes_is_told(judge: Any) -> None:
    before = """def weights_init(m):
    classname = m.__class__.__name__
    if hasattr(m, 'weight') and (classname.find('Conv') != -1 or classname.find('Linear') != -1):
        nn.init.normal_(m.weight.data, 0.0, 0.02)
        if hasattr(m, 'bias') and m.bias is not None:
            nn.init.constant_(m.bias.data, 0.1)
    elif classname.find('BatchNorm1d') != -1:
        nn.init.normal_(m.weight.data, 1.0, 0.02)
        nn.init.constant_(m.bias.data, 0.0)


"""
    conversion = judge(net("self.apply(weights_init)", before=before), signals)
    assert not conversion.all_kept


UNTOLD = {
    "a kind with a condition among others": (
        "for m in self.modules():",
        "    if (isinstance(m, nn.Linear) and m.bias is not None) or isinstance(m, nn.Conv1d):",
        "        nn.init.normal_(m.weight)",
    ),
    "the layer's own name": (
        "for n, m in self.named_modules():",
        "    if isinstance(m, nn.Linear) and n == 'fc':",
        "        nn.init.normal_(m.weight)",
    ),
    "a class with such an attribute itself": (
        "self.weight = nn.Parameter(torch.ones(2, 2))",
        "for m in self.modules():",
        "    if hasattr(m, 'weight') and m.weight.dim() > 1:",
        "        nn.init.normal_(m.weight)",
    ),
}


@pytest.mark.parametrize("lines", UNTOLD.values(), ids=UNTOLD)
def test_a_walk_that_cannot_be_told_keeps_its_layers(lines: tuple[str, ...], to_function: Any) -> None:
    conversion = to_function(net(*lines))
    assert "NF212" in {kept.code for kept in conversion.all_kept}
    assert "self.fc = nn.Linear(4, 5)" in conversion.text


@pytest.mark.parametrize(
    "base",
    [
        "conv._ConvNd",
        "conv._ConvTransposeNd",
        "batchnorm._BatchNorm",
        "instancenorm._InstanceNorm",
        "dropout._DropoutNd",
    ],
)
@pytest.mark.usefixtures("torch")
def test_a_common_base_stands_for_torchs_own_classes(base: str) -> None:
    import ast

    import torch

    from nnflip.convert.ops import by_module
    from nnflip.convert.recognise.kinds import tested_kinds
    from nnflip.convert.source import Source

    source = Source(f"import torch.nn as nn\nisinstance(m, nn.modules.{base})\n")
    (test,) = (node for node in source.every(ast.Call))
    kind = eval(f"torch.nn.modules.{base}", {"torch": torch})
    theirs = {path for path in by_module if issubclass(getattr(torch.nn, path.rpartition(".")[2]), kind)}
    assert set(tested_kinds(source, "m", test) or ()) == theirs


def test_a_layer_that_cannot_be_told_does_not_keep_the_others(judge: Any) -> None:
    lines = (
        "for m in self.modules():",
        "    if isinstance(m, nn.Linear):",
        "        nn.init.normal_(m.weight)",
        "    elif isinstance(m, nn.Conv1d):",
        "        m.reset_parameters()",
        "    elif isinstance(m, nn.BatchNorm1d):",
        "        nn.init.constant_(m.weight, 0.5)",
    )
    conversion = judge(net(*lines), signals)
    assert [(kept.code, kept.line) for kept in conversion.all_kept if "Conv1d" in kept.what] == [("NF212", 12)]
    assert "self.bn_weight" in conversion.text


@pytest.mark.parametrize("call", ["mine(m.weight)", "self.fill(m.weight)"])
def test_a_function_of_unknown_effect_may_draw(call: str, judge: Any) -> None:
    """The convolution would be filled before the layer norm of a list, which comes between the two."""
    before = "def mine(w):\n    nn.init.normal_(w)\n\n\n"
    methods = "\n    def fill(self, w):\n        nn.init.uniform_(w)\n"
    lines = (
        "self.list = nn.ModuleList(nn.Linear(1, 1) if n else nn.Conv1d(1, 1, 1) for n in range(2))",
        "self.end = nn.Linear(5, 5)",
        "for m in self.modules():",
        "    if isinstance(m, nn.Linear):",
        f"        {call}",
    )
    conversion = judge(net(*lines, before=before, methods=methods), signals)
    assert "self.end = nn.Linear(5, 5)" in conversion.text
