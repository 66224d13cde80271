"""What is missing says so: the whole API, file and line; hasattr and except ImportError keep working."""

from __future__ import annotations

import pytest

import nnflip.runtime as runtime
from nnflip.runtime.missing import MissingImport, MissingName


def line_of(function):
    return function.__code__.co_firstlineno + 1


def test_attributes_are_named_to_their_end():
    def ask():
        return runtime.no_such_room.no_such_thing(1)

    with pytest.raises(MissingName) as caught:
        ask()
    assert caught.value.api == "torch.no_such_room.no_such_thing"
    assert (caught.value.file, caught.value.line) == (__file__, line_of(ask))
    assert str(caught.value) == f"{caught.value.api} is not in this runtime (asked for at {__file__}:{line_of(ask)})"


def test_methods_and_submodules():
    with pytest.raises(MissingName, match=r"torch\.Tensor\.no_such_method"):
        runtime.ones(2).no_such_method()
    with pytest.raises(MissingName, match=r"torch\.nn\.NoSuchLayer"):
        runtime.nn.NoSuchLayer(3)
    with pytest.raises(MissingName, match=r"torch\.nn\.functional\.no_such_function"):
        runtime.nn.functional.no_such_function(3)


def test_it_is_an_attribute_error_and_a_not_implemented_error():
    assert not hasattr(runtime, "no_such_thing")
    assert getattr(runtime.ones(2), "no_such_thing", "default") == "default"
    assert issubclass(MissingName, (NotImplementedError, AttributeError))
    with pytest.raises(NotImplementedError):
        _ = runtime.no_such_thing


def test_private_names_and_dunders_are_plain_attribute_errors():
    for owner, name in ((runtime.ones(2), "_private"), (runtime, "__wrapped__")):
        with pytest.raises(AttributeError) as caught:
            getattr(owner, name)
        assert not isinstance(caught.value, MissingName)


def test_imports_are_import_errors():
    def ask():
        from torch import no_such_thing  # noqa: F401

    with (
        runtime.install(),
        pytest.raises(MissingImport, match=r"torch\.no_such_thing is not in this runtime") as caught,
    ):
        ask()
    assert isinstance(caught.value, ImportError)
    assert caught.value.line == line_of(ask)
