"""Random models, converted every way: real torch sees no difference, and the text keeps all that did not change.

`NNFLIP_DEEP=100` tries a hundred times as many as the few that every test run can spare.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from referee import Referee
from steps import Sample, models

from nnflip.convert import Conversion, Options, convert_source
from nnflip.convert.ops import by_function, by_module
from nnflip.convert.source import Source

torch = pytest.importorskip("torch", reason="torch is the referee here")
pytestmark = pytest.mark.torch

EXAMPLES = 15 * int(os.environ.get("NNFLIP_DEEP", "1"))
CALM = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
deep = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=CALM)


def inputs_of(sample: Sample) -> list[object]:
    maker = torch.Generator().manual_seed(11)
    if sample.tokens:
        return [torch.randint(0, sample.tokens, sample.shape, generator=maker)]
    return [torch.randn(sample.shape, generator=maker)]


def check(sample: Sample, options: Options) -> Conversion:
    """Convert, compare under torch, and look at the text."""
    there = convert_source(sample.text, options)
    same_start = options.to == "functional" or options.init == "exact"
    Referee(there, lambda: inputs_of(sample), same_start=same_start).check()
    again = convert_source(there.text, options)
    assert again.text == there.text, "a second conversion changes the text"
    for comment in sample.comments:
        assert there.text.count(comment) == 1, f"{comment} is lost or doubled"
    assert not list(unaccounted(there, options))
    rest = iter(there.text.splitlines(keepends=True))
    assert all(line in rest for line in quiet_lines(sample.text)), "a line that holds no site has changed"
    return there


def quiet_lines(text: str) -> list[str]:
    """Lines that no conversion concerns, line ends and all."""
    heads = ("def forward", "def help", "class ", '"""', "y = x", "for ", "\f")
    lines = (line for line in text.splitlines(keepends=True) if "self.turns" not in line)
    return [line for line in lines if line.lstrip(" \t").startswith(heads)]


def unaccounted(there: Conversion, options: Options) -> Iterator[str]:
    """Sites with a twin in the other style that the report does not mention."""
    source = Source(there.source)
    rows = by_function if options.to == "module" else by_module
    lines = {site.line for model in there.models for site in model.converted}
    kept = {(found.what, found.line) for found in there.all_kept}
    texts = {what for what, _ in kept}
    for node in source.every(ast.Call):
        if options.to == "recommended" or source.path_of(node.func) not in rows or _is_in_factory(source, node):
            continue
        statement = source.statement(node)
        inside = range(statement.lineno, (statement.end_lineno or 0) + 1)
        text = " ".join(source.says(node).split())
        around = {" ".join(source.says(one).split()) for one in source.ancestors(node) if isinstance(one, ast.Call)}
        named = {what.removesuffix("...") for what in texts}
        if not lines & set(inside) and not any(one.startswith(what) for what in named for one in {text, *around}):
            yield f"line {node.lineno}: {text}"


def _is_in_factory(source: Source, node: ast.AST) -> bool:
    """Whether a layer is built by a function that the class calls: the report names the call."""
    functions = (one for one in source.ancestors(node) if isinstance(one, ast.FunctionDef))
    return any(function.name.startswith("make_") for function in functions)


def before(there: Conversion) -> dict[str, dict[str, str]]:
    return {model.name: {move.key: old for old, move in model.state_map.items()} for model in there.models}


@deep
@given(models())
def test_to_module_changes_nothing_but_the_style(sample: Sample) -> None:
    check(sample, Options(to="module"))


@deep
@given(models())
def test_to_module_with_exact_init_keeps_the_random_stream(sample: Sample) -> None:
    there = check(sample, Options(to="module", init="exact"))
    back = convert_source(there.text, Options(to="functional", restore=before(there)))
    Referee(back, lambda: inputs_of(sample), same_start=True).check()


@deep
@given(models())
def test_to_functional_changes_nothing_but_the_style(sample: Sample) -> None:
    there = check(sample, Options(to="functional"))
    back = convert_source(there.text, Options(to="module", init="exact", restore=before(there)))
    Referee(back, lambda: inputs_of(sample), same_start=True).check()


@deep
@given(models())
def test_to_recommended_changes_nothing_but_the_style(sample: Sample) -> None:
    check(sample, Options(to="recommended"))
