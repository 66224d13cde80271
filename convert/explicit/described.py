"""The models that a file writes as functions of explicit weights, as facts: enough to build, run and compare them.

The names are those that the classes would have, so that a file and its conversion pair up by themselves.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from ..outcome import CannotRead
from ..plan.plan import Kept
from ..source import Source
from .candidate import Candidate
from .hoisted import Given, Hoister
from .listed import Listed
from .pieces import Row
from .plain_class import PlainClass
from .stages import MOST_STEPS, next_step
from .units import units_of, weighted_calls
from .unrolled import Unroller
from .written_out import WriteOut, helpers_of


@dataclass(frozen=True)
class Described:
    """One model: its function, and where its weights come from.

    `argument` is that by which the function is handed them; None where they are the module's own variables. `maker` is
    a function that returns them, `variable` one of the module that holds them; `places` are variables of the module,
    each with the key inside it, or None for a tensor itself. `listed` where they are a list. `made_by` is "class" where
    `function` is a plain class, whose objects hold the weights. `frozen` where nothing trains them. `given` where the
    maker gives the function too: its place beside the weights; `closes` where it has them by itself.
    """

    name: str
    function: str
    keys: tuple[str, ...]
    buffers: tuple[str, ...]
    argument: str | None = None
    maker: str | None = None
    variable: str | None = None
    places: tuple[tuple[str, str | None], ...] = ()
    listed: bool = False
    made_by: str = "function"
    frozen: bool = False
    given: int | None = None
    closes: bool = False


def described_models(text: str) -> list[dict[str, object]]:
    """Every such model of a file, as plain values; none where the text cannot be read."""
    try:
        source = Source(text, "<string>")
    except (CannotRead, RecursionError):
        return []
    builders: dict[str, Given] = {}
    source = _written_out(source, builders)
    taken = set(source.names)
    found: list[Described] = []
    for number, unit in enumerate(units_of(source, respell=True)):
        try:
            one = unit.decided(taken, number)
        except Kept:
            continue
        taken |= one.new_names
        if isinstance(one, Listed):
            continue  # a module, which is run as such
        told = _of_class(one) if isinstance(one, PlainClass) else _of_functions(source, one.candidate)
        if told is not None and (given := builders.get(told.function)) is not None:
            told = replace(told, given=given.place, closes=given.closes)
        found += [told] if told is not None else []
    return [asdict(one) for one in found]


def _written_out(source: Source, builders: dict[str, Given]) -> Source:
    """The file as it would be with its helpers, its loops over keys and its running names written out.

    `builders` gathers how functions are given that stood in builders.
    """
    for _ in range(MOST_STEPS):
        step = next_step(source)
        if step is None:
            break
        builders.update(step.given if isinstance(step, Hoister) else {})
        source = _text_of(step.rows(), source)
    calls = list(weighted_calls(source))
    if calls and (loops := Unroller(source, calls)).places:
        source = _text_of(loops.rows(), source)
    helpers = helpers_of(source, list(weighted_calls(source)))
    return _text_of(WriteOut(helpers).rows(), source) if helpers.functions else source


def _text_of(rows: Sequence[Row], source: Source) -> Source:
    try:
        return Source("\n".join(row.text for row in rows), source.path)
    except CannotRead:
        return source


def _of_class(plain: PlainClass) -> Described:
    return Described(plain.name, plain.name, tuple(plain.tensors), (), made_by="class")


def _of_functions(source: Source, candidate: Candidate) -> Described | None:
    making, keys, buffers = candidate.making, candidate.making.keys, tuple(sorted(candidate.buffers))
    if candidate.is_shared:
        places = tuple(_place(candidate, key) for key in keys)
        return Described(candidate.name, candidate.root.name, keys, buffers, places=places)
    listed = isinstance(getattr(making.statements[0], "value", None), ast.List)
    if making.function is not None:
        maker, variable = making.name, None
    elif making.statements[0] in source.tree.body:
        maker, variable = None, making.name
    else:
        return None  # a local variable of a function: nobody outside can reach it
    return Described(
        candidate.name,
        candidate.root.name,
        keys,
        buffers,
        candidate.root.argument,
        maker,
        variable,
        listed=listed,
        frozen=candidate.frozen,
    )


def _place(candidate: Candidate, key: str) -> tuple[str, str | None]:
    """The variable that holds a weight, and its key in there."""
    for entry in candidate.making.entries:
        match entry.statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if entry.key == key and value is entry.value:
                return name, None
            case ast.Assign(targets=[ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name))]) if entry.key == key:
                return name, key
    return candidate.making.name, key
