"""The op table against torch and against the runtime: same names, arguments, order and defaults, and nothing left out.

Rows, runtime and torch are written apart from each other, so that none can confirm its own mistake. Here they meet.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from nnflip.convert.calls import Param, Signature, same_value
from nnflip.convert.ops import LOOKALIKES, TABLE, Pair, Spelling, by_function, by_module, one_way

ROWS = [pytest.param(pair, id=pair.module) for pair in TABLE]
SPELLINGS = [
    pytest.param(spelling, id=spelling.function or f"Tensor.{spelling.method}")
    for spelling in {(each.function, each.method): each for pair in TABLE for each in pair.spellings}.values()
]
HOLDERS = {"Module", "Container", "Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict"}
"""Modules that hold others: not operations, and so in no row."""

NOT_OPERATIONS = {
    "Optional",
    "assert_int_or_pair",
    "boolean_dispatch",
    "handle_torch_function",
    "has_torch_function",
    "has_torch_function_unary",
    "has_torch_function_variadic",
}
"""What torch.nn.functional shows without an underscore and does not mean for users."""

LEFT_OUT = {"out", "generator", "cudnn_enable", "cudnn_enabled"}
"""Arguments of torch's own spellings that the row's function does not know; a call that passes one is kept."""

RENAMED = {"train": "training", "indices": "input"}
"""Arguments of torch's own spellings whose names differ from those of the row's function."""

torch_only = pytest.mark.torch


@pytest.fixture(scope="module")
def torch() -> ModuleType:
    return pytest.importorskip("torch")


@pytest.fixture(scope="module", params=[pytest.param("torch", marks=torch_only), "nnflip.runtime"])
def backend(request: pytest.FixtureRequest) -> ModuleType:
    """Real torch, and our own."""
    return pytest.importorskip(request.param) if request.param == "torch" else importlib.import_module(request.param)


def find(backend: ModuleType, path: str) -> Any:
    """The object at a dotted path below torch; the test fails with the name if there is none."""
    found: Any = backend
    for part in path.split(".")[1:]:
        if not hasattr(found, part):
            pytest.fail(f"{backend.__name__} has no {path}")
        found = getattr(found, part)
    return found


# -- signatures ------------------------------------------------------------------------------------------------------


@cache
def stubs(path: Path) -> dict[str, list[ast.arguments]]:
    """Function name → the arguments of its overloads, from a stub file (methods of TensorBase as `.name`)."""
    found: dict[str, list[ast.arguments]] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        body = node.body if isinstance(node, ast.ClassDef) and node.name == "TensorBase" else [node]
        prefix = "." if body is not None and body != [node] else ""
        for inner in body:
            if isinstance(inner, ast.FunctionDef):
                found.setdefault(prefix + inner.name, []).append(inner.args)
    return found


def signatures(torch: ModuleType, name: str, found: Callable[..., Any]) -> Iterator[Signature]:
    """The signatures of a callable: its own, or those that stubs and schemas give where it is written in C++."""
    if name.endswith(("pool1d", "pool2d", "pool3d")) and hasattr(torch.nn.functional, f"{name}_with_indices"):
        own = getattr(torch, name, None)
        if found is not own:
            found = getattr(torch.nn.functional, f"{name}_with_indices")
    try:
        yield read(inspect.signature(found))
        return
    except ValueError:
        folder = Path(inspect.getfile(torch)).parent / "_C"
    for file in ("_VariableFunctions.pyi", "_nn.pyi", "__init__.pyi"):
        alias = getattr(found, "__name__", name)
        for arguments in stubs(folder / file).get("." + name if file == "__init__.pyi" else alias, ()):
            yield Signature.parse(ast.unparse(without_annotations(arguments)))
    for schema in torch._C._jit_get_schemas_for_operator(f"aten::{getattr(found, '__name__', name)}"):
        yield Signature(
            tuple(
                Param(
                    "input" if each.name == "self" else each.name,
                    repr(each.default_value) if each.has_default_value() else None,
                    each.kwarg_only,
                )
                for each in schema.arguments
            )
        )


def without_annotations(arguments: ast.arguments) -> ast.arguments:
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        argument.annotation = None
    return arguments


def read(signature: inspect.Signature) -> Signature:
    """A Python signature without self and without what only its type checker needs."""
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    parameters = [each for each in signature.parameters.values() if each.name != "self"]
    return Signature(
        tuple(
            Param(
                each.name,
                None if each.default is each.empty else repr(each.default),
                each.kind is each.KEYWORD_ONLY,
            )
            for each in parameters
            if each.kind not in variadic
        ),
        open_ended=any(each.kind in variadic for each in parameters),
    )


def plain(signature: Signature) -> list[tuple[str, str | None, bool]]:
    """A signature in comparable form: `()` as a stride means None, 1 means 1.0."""
    return [(param.name, settled(param.default), param.keyword_only) for param in signature.params]


def settled(default: str | None) -> str | None:
    if default is None or default == "()":
        return "None" if default else None
    try:
        value = ast.literal_eval(default)
    except ValueError:
        return default
    return repr(float(value)) if isinstance(value, (int, float)) and not isinstance(value, bool) else repr(value)


def in_the_rows_words(signature: Signature, expected: Signature) -> list[tuple[str, str | None, bool]]:
    """A spelling's real signature without the arguments that rows leave out, in the names that rows use."""
    known = [
        (RENAMED.get(name, name) if name not in expected else name, default, keyword_only)
        for name, default, keyword_only in plain(signature)
        if name not in LEFT_OUT and name != "self"
    ]
    return known[: len(expected.params)]


# -- the tests -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", [row for row in ROWS if row.values[0].function])
def test_functions_take_what_rows_say(backend: ModuleType, pair: Pair) -> None:
    found = find(backend, pair.function_path)
    real = [plain(each) for each in signatures(backend, pair.function.rpartition(".")[2], found)]
    real = [[each for each in one if each[0] not in LEFT_OUT] for one in real]
    assert plain(pair.function_signature) in real


@pytest.mark.parametrize("pair", ROWS)
def test_constructors_take_what_rows_say(backend: ModuleType, pair: Pair) -> None:
    module = find(backend, pair.module_path)
    own = inspect.signature(module.__init__)
    if pair.built_by or module.__init__ is not backend.nn.Module.__init__:
        assert plain(read(own)) == plain(pair.module_signature)
    assert plain(read(inspect.signature(module.forward))) == plain(pair.forward_signature)


@torch_only
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings_take_what_rows_say(torch: ModuleType, spelling: Spelling) -> None:
    if spelling.function:
        name, found = spelling.function.rpartition(".")[2], find(torch, spelling.function)
    else:
        name, found = spelling.method, getattr(torch.Tensor, spelling.method)
    expected = plain(spelling.signature)[1 if spelling.method else 0 :]
    signature = Signature(spelling.signature.params[1:]) if spelling.method else spelling.signature
    real = [in_the_rows_words(each, signature) for each in signatures(torch, name, found)]
    assert expected in real


@torch_only
def test_every_module_has_a_row_or_a_reason(torch: ModuleType) -> None:
    modules = {
        f"torch.nn.{name}"
        for name, found in vars(torch.nn).items()
        if isinstance(found, type) and issubclass(found, torch.nn.Module) and name not in HOLDERS
    }
    accounted = set(by_module) | {path for path, row in one_way.items() if row.side == "module"}
    assert modules == accounted


@torch_only
def test_every_function_has_a_row_or_a_reason(torch: ModuleType) -> None:
    functions = {
        f"torch.nn.functional.{name}"
        for name, found in vars(torch.nn.functional).items()
        if callable(found)
        and not isinstance(found, (type, ModuleType))
        and not name.startswith("_")
        and name not in NOT_OPERATIONS
    }
    accounted = {*by_function, *one_way}
    assert functions == {path for path in accounted if path.startswith("torch.nn.functional.")}


@torch_only
def test_every_spelling_of_a_function_is_in_the_table(torch: ModuleType) -> None:
    """What torch, torch.special or Tensor have under the name of a row's function, in place or not."""
    names = {pair.function.rpartition(".")[2] for pair in TABLE if pair.function}
    spelled = {each.method for pair in TABLE for each in pair.spellings if each.method}
    spelled |= {like.method for like in LOOKALIKES} | {"unfold"}  # Tensor.unfold is another operation
    for name in sorted(names | {f"{name}_" for name in names}):
        for home in (torch, torch.special):
            path = f"{home.__name__}.{name}"
            assert not hasattr(home, name) or path in by_function or path in one_way, path
        assert not hasattr(torch.Tensor, name) or name in spelled, f"Tensor.{name}"


def test_same_value_agrees_with_the_comparison_here() -> None:
    assert same_value("1", "1.0")
    assert settled("1") == settled("1.0")
    assert settled("True") != settled("1")


# -- that the tests notice ---------------------------------------------------------------------------------------------

WRONG = {
    "another default": ("groups=1", "groups=2"),
    "another order": ("stride=1, padding=0", "padding=0, stride=1"),
    "another name": ("dilation=1", "dilate=1"),
    "an argument less": (", groups=1", ""),
    "an argument more": ("groups=1", "groups=1, more=None"),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_row_that_is_wrong_is_noticed(backend: ModuleType, change: tuple[str, str]) -> None:
    pair = by_module["torch.nn.Conv2d"]
    with pytest.raises(AssertionError):
        test_functions_take_what_rows_say(backend, replace(pair, takes=pair.takes.replace(*change)))
    with pytest.raises(AssertionError):
        test_constructors_take_what_rows_say(backend, replace(pair, built_by=pair.built_by.replace(*change)))


@torch_only
@pytest.mark.parametrize("module", [pair.module for pair in TABLE])
def test_a_row_that_is_missing_is_noticed(torch: ModuleType, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    pair = by_module[f"torch.nn.{module}"]
    monkeypatch.delitem(by_module, pair.module_path)
    with pytest.raises(AssertionError):
        test_every_module_has_a_row_or_a_reason(torch)
    if pair.function_path.startswith("torch.nn.functional."):
        monkeypatch.delitem(by_function, pair.function_path)
        with pytest.raises(AssertionError):
            test_every_function_has_a_row_or_a_reason(torch)
