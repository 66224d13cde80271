"""What a layer is said to lack, torch's own class really lacks."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache

import pytest

from nnflip.convert.ops import by_module
from nnflip.convert.ops.recurrent import RECURRENT
from nnflip.convert.recognise.answers import Answers
from nnflip.convert.source import Source

CONTAINERS = ("torch.nn.Sequential", "torch.nn.ModuleList", "torch.nn.ModuleDict")


@cache
def names_of(kind: type) -> frozenset[str]:
    """What a class, or a method of it, gives its objects."""
    return frozenset(_given(kind)) | set(vars(kind))


def _given(kind: type) -> Iterator[str]:
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(kind)))):
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                yield name
            case ast.Call(func=ast.Attribute(attr="register_parameter"), args=[ast.Constant(value=str(name)), *_]):
                yield name


@pytest.mark.torch
@pytest.mark.parametrize("path", [*by_module, *RECURRENT, *CONTAINERS])
def test_nothing_that_torch_answers_is_denied(path: str) -> None:
    torch = pytest.importorskip("torch", reason="torch says what its layers have")
    answers = Answers(Source(""))
    theirs = {name for part in getattr(torch.nn, path.rpartition(".")[2]).__mro__[:-1] for name in names_of(part)}
    assert not {name for name in theirs if answers.lacks(path, name)}


def test_a_name_of_ones_own_is_denied() -> None:
    answers = Answers(Source("class Net:\n    def f(self):\n        self.fuse = 1\n"))
    assert answers.unknown_to_torch("fuse")
    assert not answers.unknown_to_torch("kernel_size")


@pytest.mark.parametrize("text", ["net.fuse = 1", "setattr(net, 'fuse', 1)", "setattr(net, name, 1)"])
def test_a_name_that_the_file_gives_to_others_is_not(text: str) -> None:
    assert not Answers(Source(text)).unknown_to_torch("fuse")


def test_a_name_given_to_what_has_it_already_is_denied_to_the_others() -> None:
    assert Answers(Source("if hasattr(m, 'fuse') and on:\n    m.fuse = 1\n")).unknown_to_torch("fuse")
