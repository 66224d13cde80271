"""Every pair of the table, with its arguments at their defaults and off them: there and back under real torch.

From a pair's line (see pair_lines) follow small models in either style. Which arguments are off their default, and
which are passed by position, hypothesis draws. Each model is converted and converted back, and the referee holds every
step against the one before: outputs, gradients, buffers after three training steps, eval mode, the initial state of the
same seed. A combination that torch itself refuses is left out; one that stays as it stands must say why.

NNFLIP_DEEP=2 draws twice as many, and takes each argument off its default alone, with each of its values; from 3 on
also with each of the inputs.
"""

from __future__ import annotations

import contextlib
import os
import random
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from pair_lines import Line, line_from_samples, lines, texts, written_lines
from pair_models import as_function, as_module
from referee import Referee, names_of

from nnflip.convert import Conversion, Options, convert_source
from nnflip.convert.ops import Pair, by_module
from nnflip.convert.shapes import ShapeMismatch

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]
torch = pytest.importorskip("torch")

DEEP = int(os.environ.get("NNFLIP_DEEP", "1"))
EACH = 2 * DEEP
"""How many combinations of a pair are drawn in each style, besides that of all defaults."""

CALM = settings(derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))

STYLES: dict[str, Callable[[Pair, dict[str, str], str, random.Random], str]] = {
    "module": as_module,
    "functional": as_function,
}


def required(line: Line) -> dict[str, str]:
    """The arguments that cannot be left out, each as usual."""
    return {name: line.values[name][0] for name in line.pair.module_signature.required if name in line.values}


def drawn(line: Line) -> st.SearchStrategy[dict[str, str]]:
    """Arguments off their default, the others left out."""
    values = {name: st.sampled_from(list(each)) for name, each in line.values.items()}
    return st.fixed_dictionaries({}, optional=values).map(lambda some: required(line) | some)


def singly(line: Line) -> Iterator[dict[str, str]]:
    """Each argument alone off its default, with each of its values."""
    for name, values in line.values.items():
        yield from (required(line) | {name: value} for value in values)


def runs(text: str, inputs: Any) -> bool:
    """Whether torch itself takes the combination."""
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore")
        names_of(text)["Net"]()(*inputs())
        return True
    return False


def maker(text: str) -> Any:
    """A function that makes the inputs of a model anew, the same each time."""
    space = {name: getattr(torch, name) for name in ("randn", "rand", "randint", "tensor")} | {"torch": torch}
    space |= {"same": lambda _: None, "query": None, "key": None}

    def made() -> list[Any]:
        with torch.random.fork_rng():
            torch.manual_seed(3)
            return [value for value in eval(f"({text},)", space) if isinstance(value, torch.Tensor)]

    return made


class Tally:
    """What became of all combinations."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.texts: set[tuple[str, str]] = set()
        self.pairs: set[str] = set()

    def take(self, pair: Pair, what: str) -> None:
        self.pairs.add(pair.module)
        self.counts[what] += 1

    def __str__(self) -> str:
        tried = self.counts["converted"] + self.counts["kept"]
        return (
            f"{len(self.pairs)} pairs, {tried} combinations tried in one style or the other: "
            f"{self.counts['converted']} converted there and back, {self.counts['kept']} kept with a reason, "
            f"{self.counts['wrong']} wrong ({self.counts['refused']} more that torch refuses)"
        )


@pytest.fixture(scope="module")
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """Prints its counts when the last test is done."""
    tally = Tally()
    yield tally
    plugins = request.config.pluginmanager
    if (reporter := plugins.get_plugin("terminalreporter")) and (capture := plugins.get_plugin("capturemanager")):
        with capture.global_and_fixture_disabled():
            reporter.write_line(f"\n{tally}")


def hold(line: Line, style: str, values: dict[str, str], inputs: str, chance: random.Random, tally: Tally) -> bool:
    """Try one combination; False where torch refuses it. Raises where anything differs."""
    try:
        text = STYLES[style](line.pair, values, inputs, chance)
    except ShapeMismatch:
        return False
    if (text, inputs) in tally.texts:
        return True
    tally.texts.add((text, inputs))
    if not runs(text, maker(inputs)):
        tally.counts["refused"] += 1
        return False
    try:
        there = there_and_back(text, style, maker(inputs))
    except Exception as error:
        tally.take(line.pair, "wrong")
        raise AssertionError(f"{text}\n{inputs}: {type(error).__name__}: {error}") from error
    tally.take(line.pair, "kept" if there.all_kept else "converted")
    return True


def there_and_back(text: str, style: str, inputs: Any) -> Conversion:
    """Convert, convert back, and let the referee compare. Raises where anything differs."""
    ways = ("functional", "module") if style == "module" else ("module", "functional")
    first = convert_source(text, Options(to=ways[0], init="exact"))  # type: ignore[arg-type]
    assert first.changed or first.all_kept, "neither converted nor kept"
    if first.changed:
        Referee(first, inputs, same_start=True, may_fail=True).check()
    second = convert_source(first.text, Options(to=ways[1], init="exact"))  # type: ignore[arg-type]
    if second.changed:
        Referee(second, inputs, same_start=True, may_fail=True).check()
    return first


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("line", [pytest.param(line, id=name) for name, line in lines().items()])
def test_pair_there_and_back(line: Line, style: str, tally: Tally) -> None:
    if style == "functional" and not line.pair.function:
        pytest.skip("nn.Identity has no function")
    chance = random.Random(f"{line.pair.module} {style}")
    for values in [required(line), *(singly(line) if DEEP > 1 else ())]:
        for inputs in line.inputs if DEEP > 2 else line.inputs[:1]:
            hold(line, style, values, inputs, chance, tally)

    @settings(
        max_examples=EACH, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(drawn(line), st.sampled_from(list(line.inputs)), st.randoms(use_true_random=False))
    def holds(values: dict[str, str], inputs: str, chance: random.Random) -> None:
        if not hold(line, style, values, inputs, chance, tally):
            reject()

    with contextlib.suppress(Unsatisfiable):  # torch may refuse all that is drawn
        holds()


@pytest.mark.parametrize("module", ["CosineSimilarity", "GroupNorm"])
@pytest.mark.parametrize("style", STYLES)
def test_a_pair_needs_no_line_but_its_sample(module: str, style: str, tally: Tally) -> None:
    line = line_from_samples(by_module[f"torch.nn.{module}"])
    assert set(line.values) == set(line.pair.module_signature.names)
    tried = [hold(line, style, values, line.inputs[0], random.Random(0), tally) for values in singly(line)]
    assert any(tried)


@pytest.mark.parametrize("line", [pytest.param(line, id=name) for name, line in written_lines().items()])
def test_every_argument_is_tried_off_its_default(line: Line) -> None:
    pair, values = line.pair, line.values
    assert {name for name in {*pair.module_signature.names, *pair.function_only} if name[0] != "_"} <= set(values)
    called = [zip(pair.forward_signature.names, texts(inputs), strict=False) for inputs in line.inputs]
    assert {name for one in called for name, text in one if text != "None"} == set(pair.forward_signature.names)
