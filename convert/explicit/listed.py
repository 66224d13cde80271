"""Parameters in a list or dictionary of a module, taken out by constants: `self.ws[0]` of an nn.ParameterList.

Each becomes an attribute of its own on the way, and the layer's weight in the end; or the container stays as it is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from ..diagnostics import Diagnostic, diagnose
from ..outcome import ModelOutcome, StateMove
from ..plan.naming import MODULE_MEMBERS
from ..recognise.model import Attribute, Definition, Model, models_of
from ..recognise.surroundings import Surroundings
from ..rewrite import shares_line
from ..source import Source, Span
from .finish import Words, moved_lines
from .fresh import is_fresh
from .grown import Addition, additions, grows
from .of_model import OfModel
from .pieces import Origins, Patched, Row
from .places import in_string, lines_of
from .weights import constant_key

_CONTAINERS = {"torch.nn.ParameterList", "torch.nn.ParameterDict"}


@dataclass(frozen=True)
class Container:
    """One container: its definition, its entries by key, what is added later, and what reads each.

    `aliases` are statements that give the whole to a local, through which it is read: `p = self.ps`.
    """

    name: str
    definition: Definition
    entries: dict[str, ast.expr]
    reads: dict[ast.Subscript, str]
    added: tuple[Addition, ...] = ()
    aliases: tuple[ast.Assign, ...] = ()

    @property
    def keys(self) -> list[str]:
        """Its keys in order."""
        return [*self.entries, *(one.key for one in self.added)]


@dataclass(frozen=True)
class Listed(OfModel):
    """A model with such containers. `attributes`: key of the state, `ws.0` → the attribute on the way."""

    containers: tuple[Container, ...]
    attributes: dict[str, str]

    @property
    def old_names(self) -> set[str]:
        """Names that other files may need: the containers'."""
        return {container.name for container in self.containers}

    def sites(self) -> Iterator[tuple[ast.expr, str]]:
        """Nothing that is told as outside of a class."""
        return iter(())

    def decided(self, taken: Collection[str], number: int) -> Listed:
        """The same: what could not be read is no unit."""
        return self

    def write(self, patched: Patched, nn: str) -> None:
        """Add the patches. Raises Kept."""
        source = self.model.source
        for container in self.containers:
            statement = container.definition.statement
            indent = source.lines.indentation(statement.lineno)
            owner = container.definition.method.self_name
            rows: list[Row] = []
            for key, value in container.entries.items():
                text = source.says(value)
                is_parameter = isinstance(value, ast.Call) and source.path_of(value.func) == "torch.nn.Parameter"
                made = text if is_parameter else f"{nn}.Parameter({text})"
                lines = f"{owner}.{self.attributes[f'{container.name}.{key}']} = {made}".split("\n")
                rows += [Row((indent if not n else "") + line, value.lineno + n) for n, line in enumerate(lines)]
            patched.put_rows(lines_of(source, statement), rows)
            for one in container.added:
                one.write(source, patched, f"{owner}.{self.attributes[f'{container.name}.{one.key}']}", nn)
            for alias in container.aliases:
                patched.put_rows(lines_of(source, alias), ())
            for read, key in container.reads.items():
                span = source.span(read.value)
                if isinstance(read.value, ast.Name):
                    method = self.model.method_of(read)
                    assert method is not None
                    said = f"{method.self_name}.{self.attributes[f'{container.name}.{key}']}"
                    patched.put(source.span(read), said)
                    continue
                start = source.text.rindex(".", span.start, span.end)
                text = self.attributes[f"{container.name}.{key}"]
                patched.put(Span(start + 1, source.span(read).end), text)

    def problem(self, outcome: ModelOutcome, text: str, origins: Origins) -> Diagnostic | None:
        """Why the containers stay: one of their parameters is no layer's."""
        for key, attribute in self.attributes.items():
            if outcome.state_map.get(attribute, StateMove(attribute)).key == attribute:
                return diagnose("NF295", self.place.lineno, self.place.col_offset, key=key, function=self.name)
        return None

    def told(self, outcome: ModelOutcome, words: Words, origins: Origins) -> ModelOutcome:
        """What became of it, under the keys and the lines of before."""
        moved = moved_lines(outcome, self.model.source, origins)
        keys = {attribute: key for key, attribute in self.attributes.items()}
        said = tuple(replace(one, what=self._as_before(one.what)) for one in moved.converted)
        kept = tuple(replace(one, what=self._as_before(one.what)) for one in moved.kept)
        moves = {keys.get(key, key): move for key, move in moved.state_map.items()}
        return replace(moved, converted=said, kept=kept, state_map=moves)

    def _as_before(self, text: str) -> str:
        for key, attribute in self.attributes.items():
            container, _, inner = key.partition(".")
            said = f"self.{container}[{inner}]" if inner.isdigit() else f"self.{container}['{inner}']"
            text = re.sub(rf"\bself\.{re.escape(attribute)}\b(?!\.)", lambda _, said=said: said, text)  # type: ignore[misc]
        return text


def listed_parameters(source: Source) -> Iterator[Listed]:
    """The models of a file with containers of which nothing but single parameters is used."""
    if "ParameterList" not in source.text and "ParameterDict" not in source.text:
        return
    surroundings = Surroundings(source)
    for model in models_of(source):
        if model.computed:
            continue
        found = [
            one for each in model.attributes.values() if (one := _container(surroundings, model, each)) is not None
        ]
        attributes = _attributes(model, found)
        if found and attributes is not None:
            yield Listed(model, tuple(found), attributes)


def _attributes(model: Model, containers: Collection[Container]) -> dict[str, str] | None:
    """Names for the parameters that nothing else of the class has."""
    found: dict[str, str] = {}
    for container in containers:
        for key in container.keys:
            name = f"weight{key}" if key.isdigit() else key
            name = name if name not in found.values() else f"{container.name}_{name}"
            if not name.isidentifier() or name in {*model.attributes, *model.class_names, *MODULE_MEMBERS}:
                return None
            found[f"{container.name}.{key}"] = name
    return found


def _container(surroundings: Surroundings, model: Model, attribute: Attribute) -> Container | None:
    source = model.source
    if len(attribute.definitions) != 1 or attribute.odd or attribute.named:
        return None
    definition = attribute.definitions[0]
    plain = definition.method is model.init and model.init is not None and definition.statement in model.init.node.body
    entries = _entries(source, definition.value) if plain else None
    added = additions(source, attribute, definition, len(entries)) if entries is not None else None
    if (
        entries is None
        or added is None
        or not (entries or added)
        or shares_line(source, definition.statement)
        or surroundings.foreign_uses(model, attribute.name)
    ):
        return None
    if source.comments_in(lines_of(source, definition.statement)):
        return None  # which would stand with nothing
    reads: dict[ast.Subscript, str] = {}
    keys = {*entries, *(one.key for one in added)}
    aliases: list[ast.Assign] = []
    for use in attribute.uses:
        if grows(source, use):
            continue
        names = _alias(model, use)
        if names is not None:
            statement = source.parent(use)
            assert isinstance(statement, ast.Assign)
            aliases.append(statement)
        for one in (use,) if names is None else names:
            parent = source.parent(one)
            if not isinstance(parent, ast.Subscript) or parent.value is not one or not isinstance(parent.ctx, ast.Load):
                return None
            key = constant_key(parent.slice)
            if key not in keys or in_string(source, one):
                return None
            reads[parent] = key or ""
    if len(keys) != len(entries) + len(added):
        return None
    return Container(attribute.name, definition, entries, reads, tuple(added), tuple(aliases))


def _alias(model: Model, use: ast.Attribute) -> list[ast.Name] | None:
    """What reads the local of `p = self.ps`, which is bound but once; None where the use is anything else."""
    source, method = model.source, model.method_of(use)
    match source.parent(use):
        case ast.Assign(targets=[ast.Name() as target], value=value) as statement if value is use:
            home = source.scopes.inside(method.node) if method is not None else None
        case _:
            return None
    mentions = [*source.stores[target.id], *source.reads.get(target.id, ())]
    mentions = [node for node in mentions if source.scopes.scope_binding(node) is home]
    plain = home is not None and mentions[:1] == [target] and statement in method.node.body  # type: ignore[union-attr]
    alone = sum(not isinstance(node.ctx, ast.Load) for node in mentions) == 1
    if not plain or not alone or shares_line(source, statement) or source.comments_in(lines_of(source, statement)):
        return None
    return mentions[1:]


def _entries(source: Source, value: ast.expr | None) -> dict[str, ast.expr] | None:
    """The entries of a container that is made of a display."""
    match value:
        case ast.Call(func=func, args=[], keywords=[]):
            found = {}
        case ast.Call(func=func, args=[ast.List(elts=elements)], keywords=[]):
            found = {str(number): element for number, element in enumerate(elements)}
        case ast.Call(func=func, args=[ast.Dict(keys=keys, values=values)], keywords=[]):
            found = {key.value: one for key, one in zip(keys, values, strict=True) if _is_text(key)}  # type: ignore[union-attr]
            if len(found) != len(keys):
                return None
        case _:
            return None
    fresh = all(is_fresh(source, element) for element in found.values())
    return found if source.path_of(func) in _CONTAINERS and fresh else None


def _is_text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
