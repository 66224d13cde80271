"""What a class holds, sorted for its form as functions: parameters, buffers, settings, children, methods.

The class is in functional style already: a layer of torch.nn that is left is a reason to keep the class whole.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from ..plan.naming import MODULE_MEMBERS
from ..plan.plan import Kept
from ..recognise.model import Attribute, Definition, Method, Model
from ..recognise.plain import MUTATORS
from ..source.literal import is_literal

CODE = "NF283"
RESERVED = frozenset({"params", "buffers", "training", "prefix"})
"""Names that the functions give to what they are handed."""

_NAMESPACES = {"locals", "vars", "globals", "eval", "exec", "super", "__class__"}


@dataclass(frozen=True)
class Child:
    """`self.block = Block(16, 32)`: a module of the file's own, made once."""

    name: str
    call: ast.Call


@dataclass
class Facts:
    """One class. `params` and `buffers`: attribute → state key; `maybe` are those that may be None."""

    model: Model
    params: dict[str, str] = field(default_factory=dict)
    buffers: dict[str, str] = field(default_factory=dict)
    maybe: set[str] = field(default_factory=set)
    settings: set[str] = field(default_factory=set)
    constants: dict[str, str] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)

    @property
    def methods(self) -> dict[str, Method]:
        """All methods but the constructor."""
        return {name: method for name, method in self.model.methods.items() if name != "__init__"}

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


def refusal(node: ast.AST | None, reason: str) -> Kept:
    """The reason for which a class stays one."""
    return Kept(CODE, node, reason=reason)


def facts_of(model: Model, keys: Mapping[str, str], classes: Collection[str]) -> Facts:
    """Sort what a class holds. `keys`: attribute → state key; `classes`: the file's models. Raises Kept."""
    facts = Facts(model)
    _read_shape(facts)
    _read_names(model)
    for attribute in model.attributes.values():
        _sort(facts, attribute, keys, classes)
    for place in (*model.computed, *(name for name in model.bare_self if not _is_super(model, name))):
        raise refusal(place, f"`{_says(model, place)}` needs the module as a whole")
    return facts


def _says(model: Model, node: ast.AST) -> str:
    return " ".join(model.source.says(model.source.statement(node)).split())[:80]


def _read_shape(facts: Facts) -> None:
    """The class statement and what stands directly in its body."""
    model = facts.model
    node, source = model.node, model.source
    if node not in source.tree.body:
        raise refusal(node, "it is not defined at the top of the file")
    if len(node.bases) != 1 or node.keywords or node.decorator_list:
        raise refusal(node, "it has other base classes, or a decorator")
    seen: set[str] = set()
    for index, statement in enumerate(node.body):
        match statement:
            case ast.FunctionDef(name=name):
                _read_method(model, statement, seen)
                seen.add(name)
            case ast.Expr(value=ast.Constant(value=str())) if index == 0:
                continue
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if is_literal(value):
                facts.constants[name] = (
                    f"({source.says(value)})" if isinstance(value, ast.BinOp) else source.says(value)
                )
            case ast.AnnAssign(value=None) | ast.Pass() | ast.Expr(value=ast.Constant()):
                continue
            case _:
                raise refusal(statement, f"`{_says(model, statement)}` belongs to the class")
    if "forward" not in seen:
        raise refusal(node, "it has no forward")


def _read_method(model: Model, node: ast.FunctionDef, seen: Collection[str]) -> None:
    name, source = node.name, model.source
    if name in seen:
        raise refusal(node, f"method {name} is defined twice")
    if name not in {"__init__", "forward"} and (name in MODULE_MEMBERS or name.startswith("__")):
        raise refusal(node, f"method {name} is part of how a module behaves")
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        path = source.path_of(called) or ""
        if not path.startswith("torch.") or path.startswith("torch.jit") or name == "__init__":
            raise refusal(node, f"method {name} is decorated")
    own = source.scopes.inside(node)
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Yield, ast.YieldFrom, ast.Await)):
            raise refusal(inner, f"method {name} is a generator")
        if isinstance(inner, ast.Return) and name == "__init__" and source.scopes.scope_of(inner) is own:
            raise refusal(inner, "its __init__ returns early")


def _read_names(model: Model) -> None:
    """Names that the functions need for themselves, and ways to reach names that cannot be followed."""
    for node in ast.walk(model.node):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) if name in RESERVED:
                raise refusal(node, f"it has a name `{name}` of its own")
            case ast.Name(id=name) if name in _NAMESPACES and not _is_super_name(model, node):
                raise refusal(node, f"`{_says(model, node)}` depends on being in a class")
            case ast.Global() | ast.Nonlocal() | ast.ClassDef() if node is not model.node:
                raise refusal(node, f"`{_says(model, node)}` reaches out of its method")
            case _:
                continue


def super_call(model: Model) -> ast.stmt | None:
    """`super().__init__()` at the top level of the constructor."""
    for statement in model.init.node.body if model.init is not None else ():
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            call = statement.value
            match call.func:
                case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__") if not call.args:
                    return statement
                case ast.Attribute(attr="__init__", value=owner) if model.source.path_of(owner) == "torch.nn.Module":
                    return statement
                case _:
                    continue
    return None


def _is_super_name(model: Model, node: ast.AST) -> bool:
    statement = super_call(model)
    return statement is not None and any(node is inner for inner in ast.walk(statement))


def _is_super(model: Model, name: ast.Name) -> bool:
    return _is_super_name(model, name)


def _sort(facts: Facts, attribute: Attribute, keys: Mapping[str, str], classes: Collection[str]) -> None:
    """Put one attribute where it belongs."""
    model, name = facts.model, attribute.name
    if attribute.named or (name.startswith("__") and not name.endswith("__")):
        raise refusal((*attribute.named, *attribute.uses, model.node)[0], f"self.{name} is reached by its name")
    definitions = attribute.definitions
    if not definitions and not attribute.odd:
        _check_use_only(facts, attribute)
    elif any(_is_buffer(model, one) for one in definitions):
        facts.buffers[name] = keys.get(name, name)
        _sort_tensor(facts, attribute, [one for one in definitions if not _is_buffer(model, one)])
    elif any(_parameter_data(model, one) is not None for one in definitions):
        facts.params[name] = keys.get(name, name)
        _sort_tensor(facts, attribute, [one for one in definitions if _parameter_data(model, one) is None])
    elif (child := _child(model, attribute, classes)) is not None:
        facts.children[name] = child
        _check_called(model, attribute)
    else:
        facts.settings.add(name)
        _check_setting(facts, attribute)


def _check_use_only(facts: Facts, attribute: Attribute) -> None:
    """What the class does not define: methods, the mode, class constants, and registration itself."""
    model, name = facts.model, attribute.name
    if name in {"training", *facts.constants}:
        return
    if name in {"register_parameter", "register_buffer"}:
        defined = {one.call.func for each in model.attributes.values() for one in each.definitions if one.call}
        if all(use in defined for use in attribute.uses):
            return
    elif name in facts.methods and name != "forward":
        _check_called(model, attribute)
        return
    raise refusal(attribute.uses[0], f"`{_says(model, attribute.uses[0])}` asks the module for {name}")


def _check_called(model: Model, attribute: Attribute) -> None:
    for use in attribute.uses:
        call = model.source.parent(use)
        if not (isinstance(call, ast.Call) and call.func is use):
            raise refusal(use, f"self.{attribute.name} is used as a value")
        if model.init is not None and model.method_of(use) is model.init:
            raise refusal(use, f"`{_says(model, use)}` runs in __init__")


def _sort_tensor(facts: Facts, attribute: Attribute, others: list[Definition]) -> None:
    """A parameter or buffer: its other definitions may only say that it is None, or give a buffer its next value."""
    model, name = facts.model, attribute.name
    shared = [use for use in attribute.uses if _is_assigned(model, use)]
    if shared:
        raise refusal(shared[0], f"`{_says(model, shared[0])}` ties parameters, and a dict has each on its own")
    for one in others:
        none = isinstance(one.value, ast.Constant) and one.value.value is None
        if one.method is model.init and (none or one.value is None):
            facts.maybe.add(name)
        elif name not in facts.buffers or one.method is model.init or none:
            raise refusal(one.statement, f"`{_says(model, one.statement)}` gives self.{name} anew")
    for odd in attribute.odd:
        in_init = model.init is not None and model.method_of(odd) is model.init
        if name not in facts.buffers or in_init or not isinstance(model.source.parent(odd), ast.AugAssign):
            raise refusal(odd, f"`{_says(model, odd)}` gives self.{name} anew")
    firsts = [one for one in attribute.definitions if one.method is model.init and one not in others]
    if len(firsts) != len([one for one in attribute.definitions if one not in others]):
        raise refusal(attribute.definitions[0].statement, f"self.{name} is made outside __init__")
    for one in firsts:
        _check_conditional(model, one.statement)
        if one.value is not None and absent_test(model, one.value) is not None:
            facts.maybe.add(name)


def absent_test(model: Model, value: ast.expr) -> tuple[ast.expr, str] | None:
    """Where a tensor may be None: an expression, and what must follow it for the tensor to be there."""
    match value:
        case ast.IfExp(test=test, orelse=ast.Constant(value=None)):
            return test, ""
        case ast.Call() | ast.BinOp() | ast.IfExp():
            return None
        case ast.Name(id=name) if model.init is not None and name not in _arguments(model):
            given = [one.value for one in ast.walk(model.init.node) if isinstance(one, ast.Assign) and _is(one, name)]
            nones = [one for one in given if not isinstance(one, (ast.Call, ast.BinOp, ast.Subscript, ast.Attribute))]
            return (value, " is not None") if nones or not given else None
        case _:
            return value, " is not None"


def _is(statement: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in statement.targets)


def _arguments(model: Model) -> set[str]:
    return {one.arg for one in ast.walk(model.init.node.args) if isinstance(one, ast.arg)} if model.init else set()


def _is_assigned(model: Model, use: ast.Attribute) -> bool:
    """Whether a tensor gets a second attribute: `self.b = self.a`."""
    parent = model.source.parent(use)
    targets = parent.targets if isinstance(parent, ast.Assign) and parent.value is use else []
    return any(isinstance(target, ast.Attribute) for target in targets)


def _check_conditional(model: Model, statement: ast.stmt) -> None:
    """A statement may stand at the top level of the constructor, or below an `if`. Raises Kept for loops and others."""
    around = model.source.parent(statement)
    while around is not (model.init.node if model.init else None):
        if not isinstance(around, ast.If):
            raise refusal(statement, f"`{_says(model, statement)}` stands in a loop or block")
        around = model.source.parent(around)


def _is_buffer(model: Model, definition: Definition) -> bool:
    if definition.form == "register_buffer":
        return definition.value is not None
    return isinstance(definition.value, ast.Call) and model.source.path_of(definition.value.func) == "torch.nn.Buffer"


def _parameter_data(model: Model, definition: Definition) -> ast.expr | None:
    value = definition.value
    if isinstance(value, ast.IfExp) and isinstance(value.orelse, ast.Constant) and value.orelse.value is None:
        value = value.body
    return None if value is None else parameter_data(model, value)


def parameter_data(model: Model, value: ast.expr) -> ast.expr | None:
    """`torch.zeros(3)` of `nn.Parameter(torch.zeros(3))`; None for anything else. Raises Kept for a frozen one."""
    if not (isinstance(value, ast.Call) and model.source.path_of(value.func) in {"torch.nn.Parameter"}):
        return None
    data = [*value.args[:1], *(word.value for word in value.keywords if word.arg == "data")]
    rest = [*value.args[1:], *(word.value for word in value.keywords if word.arg != "data")]
    if len(data) != 1 or isinstance(data[0], ast.Starred):
        raise refusal(value, f"`{_says(model, value)}` is made in a way that is not understood")
    if any(not (isinstance(one, ast.Constant) and one.value is True) for one in rest):
        raise refusal(value, f"`{_says(model, value)}` may be frozen, and a dict of parameters is trained as a whole")
    return data[0]


def _child(model: Model, attribute: Attribute, classes: Collection[str]) -> Child | None:
    match attribute.definitions:
        case [Definition(statement, ast.Call(func=ast.Name(id=name)) as call, method, "assign")] if name in classes:
            top = model.init is not None and statement in model.init.node.body
            if attribute.odd or method is not model.init or not top:
                raise refusal(statement, f"self.{attribute.name} is not made once at the top level of __init__")
            return Child(name, call)
        case _:
            return None


def _check_setting(facts: Facts, attribute: Attribute) -> None:
    """A plain value that only the constructor gives, and whose inside nobody changes."""
    model, name = facts.model, attribute.name
    for one in attribute.definitions:
        if one.form != "assign" or one.method is not model.init:
            raise refusal(one.statement, f"`{_says(model, one.statement)}` keeps something from call to call")
    for odd in attribute.odd:
        if model.init is None or model.method_of(odd) is not model.init:
            raise refusal(odd, f"`{_says(model, odd)}` keeps something from call to call")
    for use in attribute.uses:
        for around in _chain(model, use):
            changed = not isinstance(getattr(around, "ctx", ast.Load()), ast.Load)
            if changed or (isinstance(around, ast.Attribute) and around.attr in MUTATORS):
                raise refusal(use, f"`{_says(model, use)}` changes self.{name} inside")


def _chain(model: Model, node: ast.AST) -> Iterator[ast.AST]:
    """`self.x.y[0].append`: the attributes and items taken of an expression, from inside out."""
    around = model.source.parent(node)
    while isinstance(around, (ast.Attribute, ast.Subscript)) and around.value is node:
        yield around
        node, around = around, model.source.parent(around)


def definition_of(facts: Facts, statement: ast.stmt) -> tuple[str, Definition] | None:
    """The attribute that a statement defines plainly."""
    for attribute in facts.model.attributes.values():
        for definition in attribute.definitions:
            if definition.statement is statement:
                return attribute.name, definition
    return None
