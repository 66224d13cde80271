"""Every pair of the table, with its arguments at their defaults and off them: there and back under real torch.

A line of pairs.txt names a module, values for its arguments, and inputs. From it follow small models in either style.
Each is converted and converted back, and the referee holds every step against the one before. A combination that torch
itself refuses is left out; one that stays as it stands must say why. NNFLIP_DEEP=10 tries ten times as many.
"""

from __future__ import annotations

import ast
import contextlib
import os
import random
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from referee import Referee, names_of

from nnflip.convert import Conversion, Options, convert_source
from nnflip.convert.calls import Signature
from nnflip.convert.ops import Pair, by_module
from nnflip.convert.shapes import ShapeMismatch, evaluate

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]
torch = pytest.importorskip("torch")

LINES = Path(__file__).with_name("pairs.txt").read_text(encoding="utf-8").splitlines()
EACH = 3 * int(os.environ.get("NNFLIP_DEEP", "1"))
"""How many combinations of a pair are tried in each style, besides that of all defaults."""

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\nclass Net(nn.Module):\n"
DRAWS = ("rand", "randn", "ones")


@dataclass(frozen=True)
class Line:
    """One line of pairs.txt. Of a required argument the first value is the usual one."""

    pair: Pair
    values: Mapping[str, Sequence[str]]
    inputs: Sequence[str]

    @classmethod
    def read(cls, text: str) -> Line:
        name, values, inputs = map(str.strip, text.split("|"))
        fields = [field.partition("=") for field in values.split("; ") if field.strip()]
        return cls(by_module[f"torch.nn.{name}"], {k.strip(): texts(v) for k, _, v in fields}, inputs.split(" / "))

    def combinations(self, seed: str) -> Iterator[tuple[dict[str, str], random.Random]]:
        """Values by argument: all at their defaults, one off it, several; and what chooses the rest."""
        required = {n: self.values[n][0] for n in self.pair.module_signature.required if n in self.values}
        chance = random.Random(f"{self.pair.module} {seed}")
        yield required, chance
        for turn in range(EACH):
            often = 1 if turn % 2 else 1 + chance.randrange(4)
            names = chance.sample(sorted(self.values), min(often, len(self.values)))
            yield required | {name: chance.choice(self.values[name]) for name in names}, chance


def texts(values: str) -> list[str]:
    """The source texts of values that commas separate."""
    return [ast.unparse(node) for node in ast.parse(f"({values},)", mode="eval").body.elts]  # type: ignore[attr-defined]


def written(signature: Signature, values: Mapping[str, str], chance: random.Random) -> str:
    """Arguments as text: some by position, the others by name."""
    order = [name for name in signature.positional if name in values]
    led = next((i for i, name in enumerate(signature.positional) if name not in values), len(order))
    count = chance.randint(0, led)
    keywords = [f"{name}={value}" for name, value in values.items() if name not in order[:count]]
    return ", ".join([*(values[name] for name in order[:count]), *keywords])


def data_of(names: Sequence[str], inputs: str) -> dict[str, str]:
    """What the forward method hands on: no leaves, so that functions may work in place; no gradient for targets."""
    given = dict(zip(names, texts(inputs), strict=False))
    return {
        name: value if value == "None" or value[0] == "[" else f"{name}.detach()" if "target" in name else f"{name} * 1"
        for name, value in given.items()
        if value != "None"
    }


def model(pair: Pair, created: Sequence[str], data: Mapping[str, str], call: str, inputs: str) -> str:
    """The source of a model. A norm's input has its axes counted, which tells how many dimensions it norms."""
    arguments = [name for name, value in data.items() if name in value]
    body = "".join(f"        {statement}\n" for statement in ["super().__init__()", *created])
    forward = f"    def forward(self, {', '.join(arguments)}):\n        {counted(pair, inputs)}return {call}\n"
    return f"{HEAD}    def __init__(self):\n{body}\n{forward}"


def counted(pair: Pair, inputs: str) -> str:
    if not pair.ranks:
        return ""
    return f"{', '.join('abcde'[: maker(inputs)()[0].dim()])} = input.shape\n        "


def as_module(line: Line, values: Mapping[str, str], inputs: str, chance: random.Random) -> str:
    """A model in module style."""
    pair = line.pair
    own = {name: value for name, value in values.items() if name in pair.module_signature}
    arguments = written(pair.module_signature, own, chance) if pair.function else "54, unused=1"
    data = data_of(pair.forward_signature.names, inputs)
    call = f"self.layer({written(pair.forward_signature, data, chance)})"
    return model(pair, [f"self.layer = nn.{pair.module}({arguments})"], data, call, inputs)


def as_function(line: Line, values: Mapping[str, str], inputs: str, chance: random.Random) -> str:
    """A model in functional style, from the function's own signature."""
    pair = line.pair
    back = {there: here for here, there in pair.call_renames.items()}
    data = data_of([back.get(name, name) for name in pair.forward_signature.names], inputs)
    created, handed = tensors(pair, values, chance)
    settings = {here: there for here, there in pair.shared.items() if here not in pair.shape_of}
    given = {here: values[there] for here, there in settings.items() if there in values}
    given |= {name: values[name] for name in pair.function_only if name in values}
    given |= {name: chance.choice(allowed) for name, allowed in pair.fixed.items() if allowed[0] != "None"}
    given |= {
        name: f"self.{slot}.shape" if slot in handed and chance.random() < 0.5 else shape(values[name])
        for name, slot in pair.shape_of.items()
    }
    if pair.mode and chance.random() < 0.9:
        given[pair.mode] = chance.choice(["self.training"] * 4 + ["True", "False"])
    spelling = chance.choice([pair.spelling(pair.function_path)] * 3 + [s for s in pair.spellings if s.function])
    everything = {name: value for name, value in (data | handed | given).items() if name in spelling.signature}
    path = spelling.function.replace("torch.nn.functional.", "F.")
    return model(pair, created, data, f"{path}({written(spelling.signature, everything, chance)})", inputs)


def shape(text: str) -> str:
    return text if text[0] in "([" else f"({text},)"


def tensors(pair: Pair, values: Mapping[str, str], chance: random.Random) -> tuple[list[str], dict[str, str]]:
    """The statements that make the tensors of a layer, and the function's arguments that name them."""
    created: list[str] = []
    handed: dict[str, str] = {}
    some = {flag: chance.random() < 0.7 for flag in pair.flags}
    defaults = {p.name: p.default for p in pair.module_signature.params if p.default is not None}
    for slot in pair.handed:
        if slot.given:
            if slot.name not in values:
                continue
            made = values[slot.name]
        elif not all(some[flag] for flag in slot.when):
            continue
        else:
            axes = ", ".join(evaluate(slot.shape, defaults | dict(values), spatial=pair.spatial))
            made = f"torch.{chance.choice(DRAWS)}({axes})"
        if slot.kind == "buffer":
            created.append(f"self.register_buffer('{slot.name}', {made})")
        else:
            created.append(f"self.{slot.name} = nn.Parameter({made})")
        handed[slot.name] = f"self.{slot.name}"
    return created, handed


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

    def made() -> list[Any]:
        with torch.random.fork_rng():
            torch.manual_seed(3)
            return [value for value in eval(f"({text},)", space) if isinstance(value, torch.Tensor)]

    return made


class Tally:
    """What became of all combinations."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.pairs: set[str] = set()

    def take(self, pair: Pair, there: Conversion) -> None:
        self.pairs.add(pair.module)
        self.counts["kept" if there.all_kept else "converted"] += 1

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


@pytest.mark.parametrize("style", ["module", "functional"])
@pytest.mark.parametrize("line", [pytest.param(Line.read(text), id=text.partition(" ")[0]) for text in LINES])
def test_pair_there_and_back(line: Line, style: str, tally: Tally) -> None:
    if style == "functional" and not line.pair.function:
        pytest.skip("nn.Identity has no function")
    write = as_module if style == "module" else as_function
    wrong: list[str] = []
    for values, chance in line.combinations(style):
        inputs = chance.choice(line.inputs)
        try:
            text = write(line, values, inputs, chance)
        except ShapeMismatch:
            continue
        if not runs(text, maker(inputs)):
            tally.counts["refused"] += 1
            continue
        try:
            there = there_and_back(text, style, maker(inputs))
        except Exception as error:
            tally.counts["wrong"] += 1
            wrong.append(f"{text}\n{inputs}: {type(error).__name__}: {error}\n")
        else:
            tally.take(line.pair, there)
    assert not wrong, "\n".join(wrong)


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


def test_every_pair_has_a_line() -> None:
    assert {text.partition(" ")[0] for text in LINES} == {path.rpartition(".")[2] for path in by_module}
