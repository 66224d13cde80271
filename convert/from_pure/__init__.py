"""Functions of parameters → classes: reads back what `--to pure` writes.

`init_params()`, `init_buffers()` and `forward(params, buffers, x, *, training)` become a class in functional style,
which then goes on to the style that is wanted. If one of a file's models is not understood, all stay.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace

from ..diagnostics import Diagnostic, diagnose
from ..imports import settle_imports
from ..outcome import Conversion, Converted, ModelOutcome, Options, StateMove
from ..plan.edits import EditList
from ..plan.naming import MODULE_MEMBERS
from ..plan.plan import Kept
from ..plan.spelling import NoName, Speller
from ..rewrite import rewrite
from ..source import Source
from ..to_pure.origin import Origin
from .groups import Group, groups_of, refusal
from .sink import sink
from .tensors import Holding, holding_of
from .write import Writer

Restore = Mapping[str, Mapping[str, str]]


def from_pure(text: str, path: str, options: Options, then: Callable[[str], Conversion]) -> Conversion | None:
    """The conversion of a file with such functions; None where it has none. `then` converts classes."""
    source = Source(text, path)
    classes = {node.name for node in source.every(ast.ClassDef)}  # one that stays has its functions beside it
    groups = [one for one in groups_of(source) if (one.makers or one.inner) and one.name not in classes]
    if not any(group.makers for group in groups):
        return None
    try:
        new_text, holdings = _written(source, groups, options.restore)
    except Kept as reason:
        rest = then(source.text)
        return replace(rest, kept=(*rest.kept, _told(reason)))
    rest = then(new_text)
    if options.strict and rest.all_kept:
        return Conversion(source.text, source.text, (), rest.all_kept)
    origin = Origin(source.text, new_text)
    lines = {holding.group.name: holding.group.forward.lineno for holding in holdings}
    maps = {holding.group.name: _own(holding, {one.group.name: one for one in holdings}) for holding in holdings}
    models = tuple(_outcome(model, origin, lines.get(model.name), maps.get(model.name)) for model in rest.models)
    return Conversion(source.text, rest.text, models, tuple(_moved(one, origin) for one in rest.kept))


def _written(source: Source, groups: list[Group], restore: Restore) -> tuple[str, list[Holding]]:
    """The text with classes in functional style. Raises Kept."""
    speller, edits = Speller(source), EditList()
    callees = {name: group for group in groups for name in group.methods}
    makers = {maker.name: group for group in groups for maker in group.makers}
    _check_file(source, groups, {**callees, **makers})
    holdings = [holding_of(source, group, makers, restore.get(group.name, {})) for group in groups]
    writers = [Writer(source, holding, callees, speller, edits) for holding in holdings]
    try:
        for writer in writers:
            writer.write()
        base = speller.spell("torch.nn.Module", groups[0].forward)
    except NoName as error:
        raise refusal(groups[0].name, groups[0].forward, f"no certain name for {error} here") from None
    known = {node for writer in writers for node in writer.known}
    for node in source.every(ast.Name):
        if node.id in {**callees, **makers} and node not in known:
            text = " ".join(source.says(source.statement(node)).split())[:80]
            raise refusal({**callees, **makers}[node.id].name, node, f"`{text}` uses {node.id} too")
    bodies = Source(rewrite(source, edits.edits), source.path)
    return settle_imports(source, Source(sink(bodies, writers, base), source.path), speller.wanted), holdings


def _check_file(source: Source, groups: list[Group], functions: Mapping[str, Group]) -> None:
    names = [group.name for group in groups]
    for group in groups:
        if names.count(group.name) > 1 or group.name in source.names:
            raise refusal(group.name, group.forward, "the name of the class is taken")
        if hidden := sorted(MODULE_MEMBERS & set(group.handed)):
            raise refusal(group.name, group.forward, f"the argument {hidden[0]} would hide a method of the module")
        methods = [group.method_name(name) for name in group.methods]
        if len(set(methods)) < len(methods):
            raise refusal(group.name, group.forward, "two of its functions would have one name")
    for text in source.every(ast.Constant):
        if isinstance(text.value, str) and text.value in functions and not isinstance(source.parent(text), ast.Expr):
            raise refusal(functions[text.value].name, text, f"the string {text.value!r} names one of them")


def _own(holding: Holding, holdings: Mapping[str, Holding]) -> dict[str, str]:
    """Key in the dicts → key of the class in functional style."""
    found = {**holding.attributes, **{f"{name}.*": f"{name}.*" for name in holding.lists}}
    for prefix, inner in holding.inner.items():
        if inner.group.name in holdings:
            parts = _own(holdings[inner.group.name], holdings)
            found.update({f"{prefix}{key}": f"{prefix}{new}" for key, new in parts.items()})
    return found


def _outcome(model: ModelOutcome, origin: Origin, line: int | None, keys: Mapping[str, str] | None) -> ModelOutcome:
    """What became of one model, told of the file as it was."""
    converted = tuple(replace(one, line=origin.line(one.line)) for one in model.converted)
    kept = tuple(_moved(one, origin) for one in model.kept)
    if line is None or keys is None:
        return replace(model, line=origin.line(model.line), converted=converted, kept=kept)
    moves = {old: model.state_map.get(new, StateMove(new)) for old, new in keys.items()}
    told = tuple(sorted((*converted, Converted(line, f"functions → class {model.name}")), key=lambda one: one.line))
    return replace(model, line=line, style_before="pure", converted=told, kept=kept, state_map=moves)


def _moved(found: Diagnostic, origin: Origin) -> Diagnostic:
    return replace(found, line=origin.line(found.line))


def _told(reason: Kept) -> Diagnostic:
    node = reason.node
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    return diagnose(reason.code, line, column, **reason.facts)  # type: ignore[arg-type]
