"""Conversions that were once wrong, under real torch: the same numbers, gradients, buffers, state and random stream."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import dedent
from typing import Any

import pytest
from referee import Referee

from nnflip.convert import Options, convert_source

torch = pytest.importorskip("torch", reason="torch is the referee here")
pytestmark = pytest.mark.torch

IMPORTS = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n"
BACK = {"module": "functional", "functional": "module"}


def check(
    body: str, shape: Sequence[int] = (4, 3), *, to: str, arguments: Sequence[Any] = (), imports: str = IMPORTS
) -> str:
    """Convert a file that changes, there and back, and compare. Returns the converted text."""
    there = convert_source(imports + dedent(body), Options(to=to, init="exact"))  # type: ignore[arg-type]
    assert there.changed
    back = convert_source(there.text, Options(to=BACK[to], init="exact"))  # type: ignore[arg-type]
    for conversion in (there, back):
        Referee(conversion, lambda: [torch.ones(shape).cumsum(0)], same_start=True, arguments=arguments).check()
    return there.text


def test_an_instance_norm_with_weights_comes_back_with_weights() -> None:
    check(
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.norm = nn.InstanceNorm1d(3, affine=True, track_running_stats=True)

            def forward(self, x):
                n, c, size = x.shape
                return self.norm(x)
        """,
        (2, 3, 5),
        to="functional",
    )


def test_a_setting_that_goes_is_not_left_in_a_size() -> None:
    text = check(
        """
        class Net(nn.Module):
            def __init__(self, channels, groups):
                super().__init__()
                self.conv_groups = groups
                self.conv_weight = nn.Parameter(torch.rand(4, channels // groups, 3))

            def forward(self, x):
                return F.conv1d(x, self.conv_weight, groups=self.conv_groups)
        """,
        (2, 4, 5),
        to="module",
        arguments=(4, 2),
    )
    assert "nn.Conv1d, channels, 4, 3, groups=groups" in text


@pytest.mark.parametrize("padding", [1, None])
def test_a_padding_row_that_only_init_knows_is_cleared_if_there_is_one(padding: int | None) -> None:
    check(
        """
        class Net(nn.Module):
            def __init__(this, padding):
                super().__init__()
                this.embedding = nn.Embedding(5, 4, padding_idx=padding)
                this.fc = nn.Linear(4, 3)

            def forward(self, x):
                return self.fc(self.embedding(x.long()))
        """,
        (2, 3),
        to="functional",
        arguments=(padding,),
    )


def test_a_condition_over_several_lines_stays_one_condition() -> None:
    check(
        """
        class Net(nn.Module):
            def __init__(self, bias=True, wide=True):
                super().__init__()
                self.weight = nn.Parameter(torch.rand(4, 3))
                self.bias = (nn.Parameter(torch.rand(4))
                             if bias and
                             wide else None)

            def forward(self, x):
                return F.linear(x, self.weight, self.bias)
        """,
        to="module",
    )


def test_a_comment_inside_initial_values_is_neither_lost_nor_doubled() -> None:
    text = check(
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.weight = nn.Parameter(torch.randn(4,  # out
                                                       3) * 0.1)

            def forward(self, x):
                return F.leaky_relu(F.linear(x, self.weight), negative_slope=(0.1  # small
                                                                              * 2))
        """,
        to="module",
    )
    assert text.count("# out") == text.count("# small") == 1


def test_names_that_a_subclass_takes_are_not_taken_from_it() -> None:
    text = check(
        """
        class Base(nn.Module):
            def __init__(self):
                super().__init__()
                self.weight = nn.Parameter(torch.rand(3, 3))

            def forward(self, x):
                return F.relu(F.linear(x, self.weight))

        class Net(Base):
            def relu(self, x):
                return x * 2

            def forward(self, x):
                return self.relu(super().forward(x))
        """.replace("self.weight", "self.w"),
        to="module",
    )
    assert "self.relu_1 = nn.ReLU()" in text


def test_a_name_that_is_set_from_outside_is_not_taken() -> None:
    check(
        """
        class Base(nn.Module):
            def forward(self, x):
                return F.relu(x)

        def Net():
            net = Base()
            net.relu = nn.Tanh()
            return net
        """,
        to="module",
    )


def test_an_identity_becomes_its_argument() -> None:
    text = check(
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.skip = nn.Identity()
                self.net = nn.Sequential(nn.Identity(), nn.Linear(3, 3))

            def forward(self, x):
                return self.net(self.skip(x + 1) * 2)
        """,
        to="functional",
    )
    assert "self.net((x + 1) * 2)" in text


def test_two_layers_of_one_kind_in_a_choice_are_told_apart() -> None:
    for biased in (True, False):
        check(
            """
            class Net(nn.Module):
                def __init__(self, biased):
                    super().__init__()
                    self.fc = nn.Linear(3, 3) if biased else nn.Linear(3, 3, bias=False)
                    self.act = nn.ReLU()

                def forward(self, x):
                    return self.act(self.fc(x))
            """,
            to="functional",
            arguments=(biased,),
        )


def test_constants_named_like_a_methods_arguments_keep_their_value() -> None:
    check(
        """
        self = 3

        class Net(nn.Module):
            def __init__(this):
                super().__init__()
                this.net = nn.Sequential(nn.Linear(self, self), nn.Softmax(dim=self - 2))

            def forward(this, x):
                return this.net(x)
        """,
        to="functional",
    )


@pytest.mark.parametrize(
    "imports",
    [
        "try:\n    import torch\n    from torch import nn\nexcept ImportError:\n    raise\n",
        '"""Doc."""; import torch; from torch import nn\n',
        '"""Doc."""\nfrom __future__ import annotations; from torch import nn\n',
        "from torch import (  # both\n    nn,\n)\n",
    ],
)
def test_imports_find_a_place_in_any_file(imports: str) -> None:
    text = check(
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(3, 3)

            def forward(self, x):
                return self.fc(x)
        """,
        to="functional",
        imports=imports,
    )
    assert text.startswith('"""Doc."""') or "Doc" not in imports


def test_a_tied_tensor_stays_tied_and_is_in_the_state_map() -> None:
    check(
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.w = nn.Parameter(torch.rand(3, 3))
                self.tied = self.w

            def forward(self, x):
                return F.linear(x, self.w) + self.tied.sum()
        """,
        to="module",
    )


def test_private_attributes_are_mapped_by_the_keys_that_python_gives_them() -> None:
    check(
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.__norm = nn.BatchNorm1d(3)
                self.__net = nn.Sequential(nn.Linear(3, 3), nn.ReLU())

            def forward(self, x):
                return self.__net(self.__norm(x))
        """,
        to="functional",
    )
