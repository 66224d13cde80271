"""What must not be converted. Each case was once converted wrongly, or could be: the file stays, with a code."""

from __future__ import annotations

from textwrap import dedent

import pytest

from nnflip.convert import Options, Style, convert_source

IMPORTS = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n"


def kept(body: str, to: Style = "module") -> set[str]:
    """The codes of a file that nothing may change."""
    text = IMPORTS + dedent(body)
    there = convert_source(text, Options(to=to))
    assert there.text == text
    return {found.code for found in there.all_kept}


def untouched(body: str, to: Style = "module") -> bool:
    return not kept(body, to)


# -- names that lie --------------------------------------------------------------------------------------------------


def test_a_local_named_as_the_functional_module_is_not_torch() -> None:
    assert untouched("""
        class Net(nn.Module):
            def forward(self, x, F):
                return F.relu(x)
        """)


def test_a_function_of_torch_that_the_file_replaces_is_not_torch() -> None:
    assert untouched("""
        F.relu = lambda x: x * 2
        class Net(nn.Module):
            def forward(self, x):
                return F.relu(x)
        """)


def test_a_class_of_the_file_named_linear_is_not_torch() -> None:
    assert untouched(
        """
        class Linear(nn.Module):
            def forward(self, x):
                return x

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = Linear()
        """,
        "functional",
    )


def test_a_name_that_a_function_declares_global_is_uncertain() -> None:
    assert untouched("""
        def choose():
            global F
            import fast as F

        class Net(nn.Module):
            def forward(self, x):
                return F.relu(x)
        """)


def test_self_of_a_lambda_is_not_the_model() -> None:
    assert kept("""
        class Net(nn.Module):
            def forward(self, x):
                return (lambda self: F.relu(self))(x)
        """) == {"NF218"}


# -- settings that change --------------------------------------------------------------------------------------------


def test_an_entry_of_a_list_that_changes_is_no_constant() -> None:
    assert kept("""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.sizes = [2]

            def forward(self, x):
                self.sizes[0] += 1
                return F.max_pool1d(x, self.sizes[0])
        """) == {"NF233"}


def test_a_setting_that_comes_after_the_method_that_builds_is_not_there_yet() -> None:
    assert kept("""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.build()
                self.padding = 2

            def build(self):
                self.weight = nn.Parameter(torch.rand(4, 3, 3))

            def forward(self, x):
                return F.conv1d(x, self.weight, padding=self.padding)
        """) == {"NF201"}


def test_a_condition_with_effects_is_not_evaluated_twice() -> None:
    assert kept("""
        class Net(nn.Module):
            def __init__(self, flags):
                super().__init__()
                self.weight = nn.Parameter(torch.rand(4, 3))
                self.bias = nn.Parameter(torch.rand(4)) if flags.pop() else None

            def forward(self, x):
                return F.linear(x, self.weight, self.bias)
        """) == {"NF224"}


# -- objects that are not what they seem -----------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["Net.act(None, x)", "list(map(Net.act, [x], [x]))[0]"])
def test_a_method_that_runs_on_another_object_finds_no_layer_there(call: str) -> None:
    assert kept(f"""
        class Net(nn.Module):
            def act(self, x):
                return F.relu(x)

            def forward(self, x):
                return {call}
        """) == {"NF209"}


def test_a_decorator_may_write_the_constructor() -> None:
    assert kept("""
        from dataclasses import dataclass

        @dataclass(eq=False)
        class Net(nn.Module):
            size: int = 3

            def __post_init__(self):
                super().__init__()

            def forward(self, x):
                return F.relu(x)
        """) == {"NF236"}


def test_a_dictionary_of_modules_is_not_walked_past() -> None:
    assert kept(
        """
        def halve(cls):
            build = cls.__init__
            def init(self):
                build(self)
                for child in vars(self)["_modules"].values():
                    child.weight.data.mul_(0.5)
            cls.__init__ = init
            return cls

        @halve
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(3, 3)

            def forward(self, x):
                return self.fc(x)
        """,
        "functional",
    ) == {"NF212"}


@pytest.mark.parametrize(
    "use",
    [
        "list(net.parameters())[0].data.zero_()",
        "[print(i) for i in enumerate(net.parameters())]",
        "for p in net.parameters(): nn.init.normal_(p)",
    ],
)
def test_parameters_in_order_keep_their_order(use: str) -> None:
    assert kept(f"""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(3, 3)
                self.weight = nn.Parameter(torch.rand(3, 3))

            def forward(self, x):
                return F.linear(self.fc(x), self.weight)

        def use(net):
            {use}
        """) == {"NF213"}


# -- shapes ----------------------------------------------------------------------------------------------------------


def test_an_instance_norm_behind_a_convolution_is_kept() -> None:
    body = """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.weight = nn.Parameter(torch.rand(4, 3, 3, 3))

            def forward(self, x):
                return F.instance_norm(F.conv2d(x, self.weight))
        """
    there = convert_source(IMPORTS + dedent(body), Options(to="module"))
    assert {found.code for found in there.all_kept} == {"NF238"}


def test_a_linear_of_other_features_does_not_tell_the_rank() -> None:
    assert kept("""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.register_buffer("mean", torch.zeros(2))
                self.register_buffer("var", torch.ones(2))
                self.fc = nn.Linear(6, 4)

            def forward(self, x):
                return self.fc(F.batch_norm(x, self.mean, self.var, training=self.training))
        """) == {"NF207"}


# -- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["module", "functional"])
def test_nothing_is_written_into_a_string(to: Style) -> None:
    assert "NF237" in kept(
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.loss = nn.MSELoss(reduction='sum')

            def forward(self, x):
                return f'{F.relu(x).mean()=} {self.loss(x, x)}'
        """,
        to,
    )
