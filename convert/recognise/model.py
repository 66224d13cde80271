"""One model class as facts: its methods, what it hangs on `self`, how each attribute is defined and used.

No opinion lives here: whether a fact forbids a rewriting is decided by the planners.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ..inline import Uses, builds_layers, written_out
from ..inline.locals import waiting
from ..source import Source

Def = ast.FunctionDef | ast.AsyncFunctionDef

_REGISTER = {"register_parameter", "register_buffer", "add_module", "register_module"}
_NAMED = {"getattr", "setattr", "hasattr", "delattr"}
_RUNS_TEXT = {"eval", "exec"}


@dataclass(frozen=True)
class Method:
    """A method and the name of its instance argument (None where it has none: static and class methods)."""

    node: Def
    self_name: str | None

    @property
    def name(self) -> str:
        return self.node.name


@dataclass(frozen=True)
class Definition:
    """One statement that gives an attribute its value.

    `form` is "assign", "register_parameter", "register_buffer" or "add_module"; `value` what is assigned or registered
    (None for a bare registration); `call` the registering call; `through` the factories that have been written out in
    the value; `then` calls of theirs that fill the layer; `handed` a later statement that puts on self what `statement`
    gives to a local.
    """

    statement: ast.stmt
    value: ast.expr | None
    method: Method
    form: str = "assign"
    call: ast.Call | None = None
    through: Uses = field(default_factory=dict)
    then: tuple[str, ...] = ()
    handed: ast.stmt | None = None

    @property
    def statements(self) -> tuple[ast.stmt, ...]:
        """The statement, and the one that hands a local on."""
        return (self.statement,) if self.handed is None else (self.statement, self.handed)


@dataclass
class Attribute:
    """Everything the class does with `self.<name>`. `odd` are stores that are no plain definition (`self.x += 1`).

    `aliases` are reads of a local that holds the same layer.
    """

    name: str
    definitions: list[Definition] = field(default_factory=list)
    uses: list[ast.Attribute] = field(default_factory=list)
    odd: list[ast.AST] = field(default_factory=list)
    named: list[ast.AST] = field(default_factory=list)
    aliases: list[ast.Name] = field(default_factory=list)


@dataclass(eq=False)
class Model:
    """A class that derives from nn.Module directly, or through `bases` of the file, nearest first.

    `derived` are classes of the file that derive from it.
    """

    source: Source
    node: ast.ClassDef
    methods: dict[str, Method] = field(default_factory=dict)
    attributes: dict[str, Attribute] = field(default_factory=dict)
    bare_self: list[ast.Name] = field(default_factory=list)
    computed: list[ast.AST] = field(default_factory=list)
    own_nodes: set[ast.AST] = field(default_factory=set)
    class_names: set[str] = field(default_factory=set)
    calls: tuple[ast.Call, ...] | None = None  # once they have been asked for
    followed: dict[ast.AST, object] = field(default_factory=dict, repr=False)  # once values are asked for
    bases: tuple[Model, ...] = field(default=(), repr=False)
    derived: tuple[Model, ...] = field(default=(), repr=False)

    @property
    def family(self) -> tuple[Model, ...]:
        """The class with those it derives from and those that derive from it."""
        return (self, *self.bases, *self.derived)

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def init(self) -> Method | None:
        """The constructor."""
        return self.methods.get("__init__")

    def attribute(self, name: str) -> Attribute:
        """The facts of one attribute; empty facts for a name the class does not touch."""
        return self.attributes.get(name) or Attribute(name)

    def self_attribute(self, node: ast.AST) -> str | None:
        """`x` if the expression is this class's `self.x`, else None."""
        return node.attr if isinstance(node, ast.Attribute) and node in self.own_nodes else None

    def method_of(self, node: ast.AST) -> Method | None:
        """The method of this class, or of one derived from it, whose body holds the node directly or more deeply."""
        inner: ast.AST = node
        homes = {model.node: model.methods for model in (self, *self.derived)}
        for around in self.source.ancestors(node):
            if around in homes:
                return homes[around].get(getattr(inner, "name", "")) if isinstance(inner, Def) else None
            inner = around
        return None


def models_of(source: Source) -> Iterator[Model]:
    """The classes of a file that derive from torch.nn.Module directly, in order."""
    for node in source.every(ast.ClassDef):
        if any(source.path_of(base) == "torch.nn.Module" for base in node.bases):
            yield read_class(source, node)


def read_class(source: Source, node: ast.ClassDef) -> Model:
    """The facts of one class, as far as its own body tells them."""
    model = Model(source, node)
    model.class_names = set(source.scopes.inside(node).bindings)
    for statement in node.body:
        if isinstance(statement, Def):
            method = Method(statement, _self_name(source, statement))
            model.methods[statement.name] = method
            if method.self_name is not None:
                _read_method(model, method)
    for attribute in model.attributes.values():
        attribute.definitions = [_meant(source, attribute, definition) for definition in attribute.definitions]
    return model


def _meant(source: Source, attribute: Attribute, definition: Definition) -> Definition:
    """A definition by what its value comes to: the layer that a local holds, or that a factory of the file builds."""
    if definition.form not in {"assign", "add_module"} or definition.value is None:
        return definition
    if not isinstance(definition.value, ast.Name):
        written = written_out(source, definition.value)
        return replace(definition, value=written.value, through=written.through, then=written.then)
    found = waiting(source, definition.value, definition.statement)
    if found is None or len(attribute.definitions) > 1 or attribute.odd:
        return definition
    written = written_out(source, found.value)
    if not builds_layers(source, written.value, several=not found.reads):
        return definition
    attribute.aliases += found.reads
    first, last = found.statement, definition.statement
    return replace(
        definition, statement=first, value=written.value, through=written.through, then=written.then, handed=last
    )


def _self_name(source: Source, node: Def) -> str | None:
    decorators = {decorator.id for decorator in node.decorator_list if isinstance(decorator, ast.Name)}
    arguments = [*node.args.posonlyargs, *node.args.args]
    if not arguments or decorators & {"staticmethod", "classmethod"}:
        return None
    return arguments[0].arg


def _read_method(model: Model, method: Method) -> None:
    scopes = model.source.scopes
    home = scopes.inside(method.node)
    for node in model.source.walk(method.node):
        if not isinstance(node, ast.Name):
            continue
        if node.id in _RUNS_TEXT and _speaks_of_self(model.source, method):
            model.computed.append(node)
        if node.id != method.self_name:
            continue
        scope = scopes.scope_of(node)
        while node.id not in scope.bindings and scope.parent is not None:
            scope = scope.parent
        if scope is not home:
            continue
        if not isinstance(node.ctx, ast.Load):
            model.computed.append(node)  # self itself is re-bound
        else:
            _read_self(model, method, node)


def _speaks_of_self(source: Source, method: Method) -> bool:
    """Whether a text of the method may be code about the instance: `eval("self.conv%d" % i)`."""
    texts = [node.value for node in source.walk(method.node) if isinstance(node, ast.Constant)]
    return any(isinstance(text, str) and f"{method.self_name}." in text for text in texts)


def _read_self(model: Model, method: Method, name: ast.Name) -> None:
    source = model.source
    parent = source.parent(name)
    if isinstance(parent, ast.Attribute):
        model.own_nodes.add(parent)
        attribute = model.attributes.setdefault(parent.attr, Attribute(parent.attr))
        if isinstance(parent.ctx, ast.Load):
            attribute.uses.append(parent)
            _read_registration(model, method, parent)
        else:
            _read_store(attribute, method, parent, source.parent(parent))
        return
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id in _NAMED:
        _read_named(model, method, parent, name)
        return
    model.bare_self.append(name)


def _read_store(attribute: Attribute, method: Method, target: ast.Attribute, parent: ast.AST | None) -> None:
    match parent:
        case ast.Assign(targets=[only], value=value) if only is target:
            attribute.definitions.append(Definition(parent, value, method))
        case ast.AnnAssign(value=ast.expr() as value):
            attribute.definitions.append(Definition(parent, value, method))
        case _:
            attribute.odd.append(target)


def _read_registration(model: Model, method: Method, func: ast.Attribute) -> None:
    """`self.register_buffer("name", value)`: a definition of `name`."""
    call = model.source.parent(func)
    if func.attr not in _REGISTER or not isinstance(call, ast.Call) or call.func is not func:
        return
    given = dict(zip(("name", "value", "persistent"), call.args, strict=False))
    for keyword in call.keywords:
        known = {"name": "name", "param": "value", "tensor": "value", "module": "value", "persistent": "persistent"}
        given[known.get(keyword.arg or "", keyword.arg or "**")] = keyword.value
    name, statement = given.get("name"), model.source.parent(call)
    if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
        model.computed.append(call)
        return
    attribute = model.attributes.setdefault(name.value, Attribute(name.value))
    form = "add_module" if func.attr == "register_module" else func.attr
    if not isinstance(statement, ast.Expr) or "**" in given or any(isinstance(a, ast.Starred) for a in call.args):
        attribute.odd.append(call)
        return
    attribute.definitions.append(Definition(statement, given.get("value"), method, form, call))


def _read_named(model: Model, method: Method, call: ast.Call, name: ast.Name) -> None:
    """`getattr(self, "x")` names an attribute; with a computed name it may be any attribute."""
    match call.args:
        case [first, ast.Constant(value=str(key)), *_] if first is name:
            model.attributes.setdefault(key, Attribute(key)).named.append(call)
        case [first, *_] if first is name:
            model.computed.append(call)
        case _:
            model.bare_self.append(name)
