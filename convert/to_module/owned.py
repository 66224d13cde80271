"""The tensors that a layer to be owns: where each is defined, and what its definition says."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from ..ops import Slot
from ..plan.plan import Kept
from ..recognise.creation import Creation, buffer_creation, parameter_creation
from ..recognise.literal import is_repeatable
from ..recognise.model import Definition, Model
from ..rewrite import shares_line


@dataclass(frozen=True)
class Owned:
    """A parameter or buffer of the class. `when` is the source of the condition under which it is not None.

    `turned` where it is (in, out), and `creation` has been turned to the layer's (out, in).
    """

    name: str
    creation: Creation
    statement: ast.stmt
    definition: Definition
    when: str | None = None
    turned: bool = False

    @property
    def self_name(self) -> str:
        """What the defining method calls its instance."""
        assert self.definition.method.self_name is not None
        return self.definition.method.self_name


def owned_tensor(model: Model, slot: Slot, name: str) -> Owned:
    """Read the attribute that fills a slot. Raises Kept where it is no tensor of the class, or its shape is unknown."""
    attribute = model.attribute(name)
    statement, definition, when = _single(model, name)
    if attribute.odd:
        raise Kept("NF208", name=name, count=len(attribute.definitions) + len(attribute.odd))
    if (definition.form == "register_buffer") != (slot.kind == "buffer"):
        if slot.kind == "parameter":
            raise Kept("NF226", name=name, slot=slot.name)
        raise Kept("NF205", name=name, text=model.source.says(definition.statement))
    read = buffer_creation if slot.kind == "buffer" else parameter_creation
    creation = read(model.source, definition)
    if creation is None or _names_tensor(model, creation):
        text = model.source.says(definition.value) if definition.value is not None else "None"
        raise Kept("NF205", definition.statement, name=name, text=text)
    for around in model.source.ancestors(statement):
        if around is definition.method.node:
            break
        if isinstance(around, (ast.For, ast.AsyncFor, ast.While)):
            raise Kept("NF232", statement, name=name)
    if shares_line(model.source, statement):
        raise Kept("NF227", statement)
    if creation.when is not None:
        when = _condition(model, creation.when)
    return Owned(name, creation, statement, definition, when)


def _condition(model: Model, test: ast.expr) -> str:
    """A condition as text that can stand anywhere, and more than once."""
    text = model.source.says(test)
    if not is_repeatable(model.source, test):
        raise Kept("NF224", test, text=text)
    return f"({text})" if "\n" in text or "\r" in text else text


def _single(model: Model, name: str) -> tuple[ast.stmt, Definition, str | None]:
    """The only definition; or that of `if bias: self.b = nn.Parameter(…) else: self.b = None`."""
    definitions = model.attribute(name).definitions
    if len(definitions) == 1:
        return definitions[0].statement, definitions[0], None
    if len(definitions) == 2:
        for one, other in (definitions, reversed(definitions)):
            empty = other.value is None or (isinstance(other.value, ast.Constant) and other.value.value is None)
            around = model.source.parent(one.statement)
            if empty and isinstance(around, ast.If) and model.source.parent(other.statement) is around:
                test = _condition(model, around.test)
                if around.body == [one.statement] and around.orelse == [other.statement]:
                    return around, one, test
                if around.body == [other.statement] and around.orelse == [one.statement]:
                    return around, one, f"not ({test})"
    raise Kept("NF208", name=name, count=len(definitions))


def _names_tensor(model: Model, creation: Creation) -> bool:
    """Whether the shape is read off another attribute of the model, which may be a tensor that moves."""
    self_names = {method.self_name for method in model.methods.values()}
    for axis in creation.axes:
        for node in ast.walk(ast.parse(f"({axis.lstrip('*')})", mode="eval")):
            match node:
                case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in self_names and _is_tensor(
                    model, name
                ):
                    return True
    return False


def _is_tensor(model: Model, name: str) -> bool:
    return any(
        definition.form != "assign" or isinstance(definition.value, ast.Call)
        for definition in model.attribute(name).definitions
    )
