"""Code that walks over modules by kind: `for m in self.modules(): if isinstance(m, nn.Conv2d): …`, `net.apply(init)`.

Such code sees layers that no attribute access shows. Which kinds of layer it can see is read from its isinstance tests
where it is a plain chain of them; anything else may see every layer.
"""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field

from ..ops import by_module
from ..source import Source
from ..source.literal import is_literal
from .class_names import is_class_name
from .closed import is_closed
from .kinds import tested_kinds

WALKS = {"modules", "named_modules", "children", "named_children", "_modules", "get_submodule", "named_buffers"}
"""What leads over modules; with NAME_WALKS, what leads over parameters by their names."""

NAME_WALKS = {"named_parameters", "state_dict", "load_state_dict", "get_parameter", "_parameters", "_buffers"}

_DICTIONARIES = ("_modules", "_parameters", "_buffers")
_CONSTANT = {f"torch.nn.init.{name}" for name in ("constant_", "zeros_", "ones_", "eye_", "dirac_")}
_DRAWS = {"normal_", "uniform_", "random_", "bernoulli_", "exponential_", "cauchy_", "log_normal_", "geometric_"}


@dataclass(frozen=True)
class Walk:
    """A walker that looks for kinds by a chain of tests: what it calls a module, and what it does with it.

    `owner` says when it meets a module: "first", before what the module holds, "last", after it, or "never"; `key` what
    it calls the module's name, if anything.
    """

    node: ast.AST
    name: str
    body: tuple[ast.stmt, ...]
    owner: str
    kinds: tuple[str, ...]
    key: str = ""

    def looks_for(self, module: str) -> bool:
        """Whether a layer of this torch class is one of its kinds."""
        return module in self.kinds

    def sees(self, module: str) -> bool:
        """Whether a layer of this torch class, or a module inside it, is one of its kinds."""
        inner = by_module[module].inner.values() if module in by_module else ()
        return self.looks_for(module) or any(map(self.looks_for, inner))


@dataclass
class Walkers:
    """What the file's walkers may touch.

    `every` is a walker that may touch any layer; `walks` are those that look for certain kinds; `by_name` is code that
    reads parameters by their names or in their order.
    """

    every: ast.AST | None = None
    walks: list[Walk] = field(default_factory=list)
    by_name: ast.AST | None = None

    def sees(self, module: str) -> ast.AST | None:
        """The walker that may touch layers of this torch class, if any."""
        return self.every or next((walk.node for walk in self.walks if walk.sees(module)), None)


def walkers_of(source: Source) -> Walkers:
    """Read every walker of a file."""
    walkers = Walkers()
    for node in source.every(ast.Attribute):
        named = node.attr in NAME_WALKS and not is_plain_checkpoint(source, node)
        if named or (node.attr in {"parameters", "buffers"} and _minds_order(source, node)):
            walkers.by_name = walkers.by_name or node
        elif node.attr in {"modules", "named_modules", "apply"} and is_closed(source, node.value):
            continue
        elif node.attr in WALKS and source.path_of(node) is None:
            first = node.attr in {"modules", "named_modules"}
            _read(source, walkers, node, _consumer(source, node), "first" if first else "never")
        elif node.attr == "apply" and _is_module_apply(source, node):
            call = source.parent(node)
            assert isinstance(call, ast.Call)
            _read(source, walkers, node, _function(source, call.args[0]), "last")
    for text in source.every(ast.Constant):
        if text.value in _DICTIONARIES:
            walkers.every = walkers.every or text
    return walkers


def is_plain_checkpoint(source: Source, node: ast.Attribute) -> bool:
    """`torch.save(net.state_dict(), …)` and `net.load_state_dict(torch.load(…))` read no names in this file."""
    call = source.parent(node)
    if not (isinstance(call, ast.Call) and call.func is node) or node.attr not in {"state_dict", "load_state_dict"}:
        return False
    if node.attr == "load_state_dict":
        return True
    user = source.parent(call)
    if isinstance(user, ast.Call):
        return user.func is not call and (
            source.path_of(user.func) == "torch.save"
            or (isinstance(user.func, ast.Attribute) and user.func.attr == "load_state_dict")
        )
    return isinstance(user, ast.Dict)


def _minds_order(source: Source, node: ast.Attribute) -> bool:
    """`list(net.parameters())[0]`, `enumerate(net.parameters())`, or a loop over them that draws random numbers."""
    call = source.parent(node)
    user = source.parent(call) if isinstance(call, ast.Call) and call.func is node else None
    match user:
        case ast.Call(func=ast.Name(id="list" | "tuple")):
            return isinstance(source.parent(user), ast.Subscript)
        case ast.Call(func=ast.Name(id="enumerate")):
            return True
        case ast.For(body=body):
            return any(draws(source, inner) for statement in body for inner in ast.walk(statement))
        case _:
            return False


def draws(source: Source, node: ast.AST) -> bool:
    """Whether a call fills a tensor with random numbers, or may: `nn.init.normal_(w)`, `w.uniform_()`, `mine(w)`."""
    if not isinstance(node, ast.Call):
        return False
    path = source.path_of(node.func)
    given = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
    if path in _CONSTANT and all(map(is_literal, given)):
        return False
    if path is not None and path.startswith(("torch.", "math.", "numpy.")):
        return path.startswith(("torch.nn.init.", "torch.rand", "torch.normal", "torch.bernoulli", "numpy.random."))
    match node.func:
        case ast.Name(id=name):
            return source.scopes.is_bound(name, node.func) or not hasattr(builtins, name)
        case ast.Attribute(value=ast.Name(id="self")):
            return True
        case ast.Attribute(attr=attr):
            return attr in _DRAWS or path is not None
        case _:
            return True


def _is_module_apply(source: Source, node: ast.Attribute) -> bool:
    """`net.apply(init)` with one function; not `MyFunction.apply(x)` of an autograd Function class."""
    call = source.parent(node)
    if not isinstance(call, ast.Call) or call.func is not node or len(call.args) != 1 or call.keywords:
        return False
    owner = node.value
    if isinstance(owner, ast.Name) and isinstance(definition := _named(source, owner.id), ast.ClassDef):
        return not any((source.path_of(base) or "").startswith("torch.autograd.") for base in definition.bases)
    return True


def _consumer(source: Source, node: ast.Attribute) -> tuple[str, list[ast.stmt]] | None:
    """The loop variable and body that a walk feeds, where it is a plain for loop over it."""
    call = source.parent(node)
    loop = source.parent(call) if call is not None else None
    if not (isinstance(loop, ast.For) and loop.iter is call and isinstance(call, ast.Call)) or loop.orelse:
        return None
    match loop.target:
        case ast.Name(id=name) if not node.attr.startswith("named"):
            return name, loop.body
        case ast.Tuple(elts=[ast.Name(), ast.Name(id=name)]) if node.attr.startswith("named"):
            return name, loop.body
        case _:
            return None


def _function(source: Source, node: ast.expr) -> tuple[str, list[ast.stmt]] | None:
    """The argument name and body of the function that `apply` is handed, where it stands in this file."""
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
    definition = _named(source, name) if name else None
    if not isinstance(definition, ast.FunctionDef):
        return None
    arguments = [argument.arg for argument in definition.args.args]
    if isinstance(node, ast.Attribute) and len(arguments) == 2:
        return arguments[1], definition.body
    required = len(arguments) - len(definition.args.defaults)
    return (arguments[0], definition.body) if arguments and required <= 1 else None


def _named(source: Source, name: str) -> ast.AST | None:
    """The only function or class of the file with this name."""
    functions: list[ast.AST] = [node for node in source.every(ast.FunctionDef) if node.name == name]
    found = functions + [node for node in source.every(ast.ClassDef) if node.name == name]
    return found[0] if len(found) == 1 else None


def _read(
    source: Source, walkers: Walkers, node: ast.AST, consumer: tuple[str, list[ast.stmt]] | None, owner: str
) -> None:
    kinds = None if consumer is None else _kinds(source, *consumer)
    if consumer is None or kinds is None:
        walkers.every = walkers.every or node
    else:
        walkers.walks.append(Walk(node, consumer[0], tuple(consumer[1]), owner, tuple(kinds), _key(source, node)))


def _key(source: Source, node: ast.AST) -> str:
    """What a walk with names calls the name: `n` in `for n, m in self.named_modules()`."""
    call = source.parent(node)
    loop = source.parent(call) if call is not None else None
    match loop:
        case ast.For(target=ast.Tuple(elts=[ast.Name(id=key), _])):
            return key
        case _:
            return ""


def _kinds(source: Source, name: str, body: list[ast.stmt]) -> list[str] | None:
    """The torch classes a chain of isinstance tests looks for; None where the body is anything else."""
    found: list[str] = []
    for statement in body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        if isinstance(statement, ast.Assign) and is_class_name(source, name, statement.value):
            continue
        branch: ast.stmt | None = statement
        while branch is not None:
            if not isinstance(branch, ast.If):
                return None
            kinds = tested_kinds(source, name, branch.test)
            if kinds is None:
                return None
            found += kinds
            if len(branch.orelse) > 1:
                return None
            branch = branch.orelse[0] if branch.orelse else None
    return found
