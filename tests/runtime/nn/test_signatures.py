"""Every class of torch.nn that is here takes what torch's takes: parameter names, their order, kinds and defaults."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

pytestmark = pytest.mark.torch


def described(function: Any) -> list[tuple[str, str, str]]:
    parameters = inspect.signature(function).parameters.values()
    return [(p.name, p.kind.name, getattr(p.default, "__name__", repr(p.default))) for p in parameters]


def test_all_classes_of_torch_nn_are_here(torch: Any, runtime: Any) -> None:
    expected = {name for name in dir(torch.nn) if inspect.isclass(getattr(torch.nn, name))}
    assert expected - set(runtime.nn.__all__) == set()


def test_torchs_files_of_layers_hold_what_they_hold(torch: Any, runtime: Any) -> None:
    private = {"_WrappedHook", "_ConvTransposeMixin", "_LazyProtocol"}
    for file in runtime.nn.modules.HOMES:
        theirs, ours = getattr(torch.nn.modules, file), getattr(runtime.nn.modules, file)
        names = {n for n, o in vars(theirs).items() if inspect.isclass(o) and o.__module__ == theirs.__name__}
        assert {name for name in names if not hasattr(ours, name)} <= private, file


def test_constructors_take_what_torchs_take(torch: Any, runtime: Any) -> None:
    for name in runtime.nn.__all__:
        ours, theirs = getattr(runtime.nn, name), getattr(torch.nn, name)
        if inspect.isclass(ours) and name != "NLLLoss2d":  # torch hides its parameters behind a decorator
            assert described(ours) == described(theirs), name


def test_methods_take_what_torchs_take(torch: Any, runtime: Any) -> None:
    for name in runtime.nn.__all__:
        ours, theirs = getattr(runtime.nn, name), getattr(torch.nn, name)
        if not inspect.isclass(ours):
            continue
        for method, function in vars(theirs).items():
            if inspect.isfunction(function) and not method.startswith("_") and hasattr(ours, method):
                assert described(getattr(ours, method)) == described(function), f"{name}.{method}"


def test_layers_derive_from_what_torchs_derive_from(torch: Any, runtime: Any) -> None:
    for name in runtime.nn.__all__:
        ours, theirs = getattr(runtime.nn, name), getattr(torch.nn, name)
        if inspect.isclass(ours) and issubclass(ours, runtime.nn.Module):
            bases = [base.__name__ for base in theirs.__mro__ if base.__name__ in runtime.nn.__all__]
            assert [base.__name__ for base in ours.__mro__ if base.__name__ in runtime.nn.__all__] == bases, name
