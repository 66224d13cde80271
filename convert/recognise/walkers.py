"""Code that walks over modules by kind: `for m in self.modules(): if isinstance(m, nn.Conv2d): …`, `net.apply(init)`.

Such code sees layers that no attribute access shows. Which kinds of layer it can see is read from its isinstance tests
where it is a plain chain of them; anything else may see every layer.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection
from dataclasses import dataclass, field

from ..source import Source
from ..source.literal import is_literal
from .closed import is_closed
from .handed import hands_itself_to_init
from .touched import UNIVERSE
from .walk import Walk as Walk
from .walk import WalkReader

WALKS = {"modules", "named_modules", "children", "named_children", "_modules", "get_submodule", "named_buffers"}
"""What leads over modules; with NAME_WALKS, what leads over parameters by their names."""

NAME_WALKS = {"named_parameters", "state_dict", "load_state_dict", "get_parameter", "_parameters", "_buffers"}

_DICTIONARIES = ("_modules", "_parameters", "_buffers")
_CONSTANT = {f"torch.nn.init.{name}" for name in ("constant_", "zeros_", "ones_", "eye_", "dirac_")}
_DRAWS = {"normal_", "uniform_", "random_", "bernoulli_", "exponential_", "cauchy_", "log_normal_", "geometric_"}


@dataclass
class Walkers:
    """What the file's walkers may touch.

    `every` is a walker that may touch any layer; `walks` are those of which more is known; `by_name` is code that reads
    parameters by their names or in their order.
    """

    every: ast.AST | None = None
    walks: list[Walk] = field(default_factory=list)
    by_name: ast.AST | None = None

    def sees(self, module: str, classes: Collection[ast.ClassDef] = ()) -> ast.AST | None:
        """The walker that may touch layers of this torch class in objects of these classes, if any."""
        walks = (walk for walk in self.walks if walk.meets(classes) or not classes)
        return self.every or next((walk.node for walk in walks if walk.sees(module)), None)


def walkers_of(source: Source) -> Walkers:
    """Read every walker of a file."""
    walkers = Walkers()
    reader = WalkReader(source)
    for node in source.every(ast.Attribute):
        named = node.attr in NAME_WALKS and not is_plain_checkpoint(source, node)
        if named or (node.attr in {"parameters", "buffers"} and _minds_order(source, node)):
            walkers.by_name = walkers.by_name or node
        elif node.attr in {"modules", "named_modules", "apply"} and is_closed(source, node.value):
            continue
        elif (node.attr in WALKS and source.path_of(node) is None) or node.attr == "apply":
            walks = reader.read(node)
            if walks is None:
                walkers.every = walkers.every or node
            else:
                walkers.walks += walks
    walkers.every = walkers.every or hands_itself_to_init(source)
    for walk in reader.handed():
        if walk.kinds == UNIVERSE:
            walkers.every = walkers.every or walk.node
        else:
            walkers.walks.append(walk)
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
