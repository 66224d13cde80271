"""What a class holds, sorted for its form as functions: parameters, buffers, settings, children, methods.

The class is in functional style already: a layer of torch.nn that is left is a reason to keep the class whole.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..recognise.model import Attribute, Definition, Method, Model
from .parts import One, Part, Uses, check_loops, ones, read_part
from .settings import check_setting, check_unchanged
from .shape import check_names, constants_of, is_static, is_super_name, refusal, says
from .sometimes import Test, compared, is_none, tests_of
from .tensors import check_tensor, defined_parameter, is_buffer


@dataclass
class Facts:
    """One class. `params` and `buffers`: attribute → state key; `maybe` are those that may be None.

    `children` are modules of the file's own, each made once, or, where `tests` has it, only where that says so; `lists`
    are lists of such, and `forwards` the places where `.forward` of one in a list is called.
    """

    model: Model
    params: dict[str, str] = field(default_factory=dict)
    buffers: dict[str, str] = field(default_factory=dict)
    maybe: set[str] = field(default_factory=set)
    settings: set[str] = field(default_factory=set)
    constants: dict[str, str] = field(default_factory=dict)
    children: dict[str, One] = field(default_factory=dict)
    tests: dict[str, Test] = field(default_factory=dict)
    lists: dict[str, Part] = field(default_factory=dict)
    forwards: list[ast.Attribute] = field(default_factory=list)

    def part(self, name: str) -> Part | None:
        """The modules that an attribute holds."""
        return self.children.get(name) or self.lists.get(name)

    @property
    def held(self) -> list[One]:
        """All modules of the file's own."""
        return [one for part in (*self.children.values(), *self.lists.values()) for one in ones(part)]

    @property
    def methods(self) -> dict[str, Method]:
        """All methods but the constructor."""
        return {name: method for name, method in self.model.methods.items() if name != "__init__"}

    @cached_property
    def names(self) -> set[str]:
        """Names that the class has; grows with those that its functions are given."""
        found = {node.id for node in ast.walk(self.model.node) if isinstance(node, ast.Name)}
        return found | {node.arg for node in ast.walk(self.model.node) if isinstance(node, ast.arg)}

    @property
    def arguments(self) -> dict[str, ast.expr | None]:
        """The constructor's named arguments with their defaults."""
        if self.model.init is None:
            return {}
        given = self.model.init.node.args
        plain = [*given.posonlyargs, *given.args]
        defaults = [None] * (len(plain) - len(given.defaults)) + list(given.defaults)
        named = {one.arg: default for one, default in zip(plain, defaults, strict=True)}
        named.update({one.arg: default for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)})
        named.pop(self.model.init.self_name or "", None)
        return named


def facts_of(model: Model, keys: Mapping[str, str], classes: Collection[str]) -> Facts:
    """Sort what a class holds. `keys`: attribute → state key; `classes`: the file's models. Raises Kept."""
    facts = Facts(model, constants=constants_of(model))
    check_names(model)
    for attribute in model.attributes.values():
        _sort(facts, attribute, keys, classes)
    uses = Uses(model)
    uses.check(facts.lists)
    facts.forwards = uses.forwards
    for place in (*model.computed, *(name for name in model.bare_self if not is_super_name(model, name))):
        raise refusal(place, f"`{says(model, place)}` needs the module as a whole")
    return facts


def _sort(facts: Facts, attribute: Attribute, keys: Mapping[str, str], classes: Collection[str]) -> None:
    """Put one attribute where it belongs."""
    model, name = facts.model, attribute.name
    if attribute.named or (name.startswith("__") and not name.endswith("__")):
        raise refusal((*attribute.named, *attribute.uses, model.node)[0], f"self.{name} is reached by its name")
    definitions = attribute.definitions
    if not definitions and not attribute.odd:
        _check_use_only(facts, attribute)
    elif name in facts.constants:
        raise refusal(model.node, f"{name} is given by the class and by its __init__")
    elif any(is_buffer(model, one) for one in definitions):
        facts.buffers[name] = keys.get(name, name)
        others = [one for one in definitions if not is_buffer(model, one)]
        facts.maybe |= {name} if check_tensor(model, attribute, others, buffer=True) else set()
    elif any(defined_parameter(model, one) is not None for one in definitions):
        facts.params[name] = keys.get(name, name)
        others = [one for one in definitions if defined_parameter(model, one) is None]
        facts.maybe |= {name} if check_tensor(model, attribute, others, buffer=False) else set()
    elif (part := _part(facts, attribute, classes)) is not None:
        if isinstance(part, One):
            facts.children[name] = part
            facts.tests |= tests_of(model, attribute)
            _check_called(model, attribute, or_none=name in facts.tests)
        else:
            facts.lists[name] = part
            check_loops(model, part)
    else:
        facts.settings.add(name)
        check_setting(model, attribute)


def _check_use_only(facts: Facts, attribute: Attribute) -> None:
    """What the class does not define: methods, the mode, class constants, and registration itself."""
    model, name = facts.model, attribute.name
    if name == "training":
        return
    if name in facts.constants:
        check_unchanged(model, attribute)
        return
    if name in {"register_parameter", "register_buffer"}:
        defined = {one.call.func for each in model.attributes.values() for one in each.definitions if one.call}
        if all(use in defined for use in attribute.uses):
            return
    elif name in facts.methods and name != "forward":
        _check_called(model, attribute)
        return
    raise refusal(attribute.uses[0], f"`{says(model, attribute.uses[0])}` asks the module for {name}")


def _check_called(model: Model, attribute: Attribute, *, or_none: bool = False) -> None:
    """Its uses are calls; or, where it may be missing, ask for that. Raises Kept."""
    static = attribute.name in model.methods and is_static(model.methods[attribute.name].node)
    for use in attribute.uses:
        call = model.source.parent(use)
        if or_none and compared(model, use) is not None and model.method_of(use) is not model.init:
            continue
        if not (isinstance(call, ast.Call) and call.func is use):
            raise refusal(use, f"self.{attribute.name} is used as a value")
        if not static and model.init is not None and model.method_of(use) is model.init:
            raise refusal(use, f"`{says(model, use)}` runs in __init__")


def _part(facts: Facts, attribute: Attribute, classes: Collection[str]) -> Part | None:
    """The modules that an attribute holds."""
    model = facts.model
    match [one for one in attribute.definitions if not is_none(one)]:
        case [Definition(statement, value, method, "assign")]:
            names = set(facts.names)
            part = read_part(model, value, classes, lambda name: fresh(name, names))
            top = len(attribute.definitions) == 1 and model.init is not None and statement in model.init.node.body
            top = top or (isinstance(part, One) and attribute.name in tests_of(model, attribute))
            if part is not None and (attribute.odd or method is not model.init or not top):
                raise refusal(statement, f"self.{attribute.name} is not made once at the top level of __init__")
            return part
        case _:
            return None


def definition_of(facts: Facts, statement: ast.stmt) -> tuple[str, Definition] | None:
    """The attribute that a statement defines plainly."""
    for attribute in facts.model.attributes.values():
        for definition in attribute.definitions:
            if definition.statement is statement:
                return attribute.name, definition
    return None


def fresh(name: str, taken: set[str]) -> str:
    """The name, or one with a number; taken from now on."""
    count, base = 0, name
    while name in taken:
        count += 1
        name = f"{base}_{count}"
    taken.add(name)
    return name
