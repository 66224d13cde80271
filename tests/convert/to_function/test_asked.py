"""What is read of a layer beside its call: sizes, settings, weights in the constructors of others."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]


def rows(size: int = 6) -> Any:
    import torch

    return lambda: [torch.randn(4, size, generator=torch.Generator().manual_seed(3))]


SIZES = """class Net(nn.Module):
    def __init__(self, width=5):
        super().__init__()
        self.a = nn.Linear(6, width)
        self.drop = nn.Dropout(0.3)
        self.b = nn.Linear(self.a.out_features, self.a.weight.shape[0] * 2)
        self.norm = nn.BatchNorm1d(self.b.out_features)

    def forward(self, x):
        x = self.norm(self.b(self.drop(self.a(x))))
        return x * self.a.in_features / self.b.in_features + self.drop.p + self.norm.num_features + self.norm.eps
"""


def test_sizes_and_settings_are_read_where_they_are_now(judge: Any) -> None:
    conversion = judge(SIZES, rows(), (5,), (7,))
    assert "x * 6 / self.b_weight.shape[1] + 0.3 + self.norm_weight.shape[0] + 1e-05" in conversion.text
    assert "nn.Parameter(torch.empty(self.a_weight.shape[0] * 2, self.a_weight.shape[0]))" in conversion.text
    assert not conversion.all_kept


CONV = """class Net(nn.Module):
    def __init__(self, c=4):
        super().__init__()
        self.conv = nn.Conv1d(3, c, 3, padding=1)

    def forward(self, x):
        (k,), (s,) = self.conv.kernel_size, self.conv.stride
        return self.conv(x) * k * s * self.conv.in_channels * self.conv.out_channels * self.conv.groups
"""


def test_a_convolution_keeps_its_sizes_as_tuples(judge: Any) -> None:
    import torch

    conversion = judge(CONV, lambda: [torch.ones(2, 3, 5).cumsum(0)], (4,), (2,))
    assert "(k,), (s,) = (3,), (1,)" in conversion.text
    assert "* 3 * self.conv_weight.shape[0] * 1" in conversion.text


def test_a_kernels_size_is_that_of_the_weight(judge: Any) -> None:
    import torch

    text = CONV.replace("3, padding=1", "k, padding=1").replace("c=4", "c=4, k=3")
    conversion = judge(text, lambda: [torch.ones(2, 3, 5).cumsum(0)], (4,), (4, (3,)))
    assert "(self.conv_weight.shape[2],)" in conversion.text


def test_a_setting_that_is_changed_keeps_the_layer(to_function: Any) -> None:
    text = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.3)

    def forward(self, x):
        return self.drop(x)

    def anneal(self, p):
        self.drop.p = p
"""
    conversion = to_function(text)
    assert [kept.code for kept in conversion.all_kept] == ["NF229"]


def test_a_size_without_a_short_expression_keeps_the_layer(to_function: Any) -> None:
    text = CONV.replace("3, padding=1", "3, k, padding=1").replace("c=4", "c=4, k=3")
    assert [kept.code for kept in to_function(text).all_kept] == ["NF229"]


def test_a_factory_that_is_written_out_is_given_sizes_of_another_layer(judge: Any) -> None:
    text = """def make(i, o):
    return nn.Linear(i, o)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(6, 5)
        self.b = make(self.a.out_features, 4)

    def forward(self, x):
        return self.b(self.a(x))
"""
    conversion = judge(text, rows())
    assert "torch.empty(4, 5)" in conversion.text
    assert not conversion.all_kept


CALLS = (
    "nn.Linear(3, 4)",
    "nn.Bilinear(3, 4, 5)",
    "nn.Embedding(7, 4)",
    "nn.Conv1d(4, 6, 3, groups=2)",
    "nn.Conv2d(4, 6, (3, 5), 2, 1, 2)",
    "nn.Conv3d(2, 3, 3, padding=(1, 2, 3))",
    "nn.ConvTranspose2d(4, 6, 3, stride=2)",
    "nn.BatchNorm2d(5, 0.01, 0.2)",
    "nn.InstanceNorm2d(5, affine=True)",
    "nn.GroupNorm(2, 4)",
    "nn.Dropout(0.2, True)",
    "nn.LeakyReLU(0.3)",
)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.usefixtures("torch")
def test_every_answer_is_torchs_own(call: str) -> None:
    import ast

    import torch
    from torch import nn

    from nnflip.convert.plan.naming import Names
    from nnflip.convert.plan.plan import Plan
    from nnflip.convert.plan.spelling import Speller
    from nnflip.convert.recognise.calls import construction
    from nnflip.convert.recognise.surroundings import Surroundings
    from nnflip.convert.source import Source
    from nnflip.convert.to_function.asked import answer
    from nnflip.convert.to_function.reader import FormReader

    text = f"import torch.nn as nn\n\n\nclass Net(nn.Module):\n    def __init__(self):\n        self.x = {call}\n"
    source = Source(text)
    surroundings = Surroundings(source)
    (model,) = surroundings.models
    built = construction(model, model.attribute("x").definitions[0].value)
    assert built is not None
    reader = FormReader(model, surroundings, Names(model, surroundings, {}), Speller(source), Plan(model).edits)
    form = reader.read(built, "x")
    layer = eval(call, {"nn": nn})

    class Owner:
        pass

    for tensor in form.tensors:
        setattr(Owner, tensor.attribute, getattr(layer, tensor.slot.name))
    answers = {name: answer(form, name) for name in built.pair.module_signature.names}
    told = {name: said for name, said in answers.items() if said is not None}
    assert told
    for name, said in told.items():
        assert ast.parse(said.replace("{self}", "net"), mode="eval")
        found = eval(said.replace("{self}", "net"), {"net": Owner, "torch": torch})
        assert (type(found), found) == (type(getattr(layer, name)), getattr(layer, name)), name
