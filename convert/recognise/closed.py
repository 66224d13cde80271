"""Containers of a class that hold torch's own layers only: a walk over one meets no model of the file.

`self.ups = nn.ModuleList()`, then `self.ups.append(weight_norm(nn.Conv1d(…)))`: `self.ups.apply(init)` stays in there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..ops import by_module
from ..ops.container import LIST, SEQUENTIAL
from ..source import Source
from .reparametrised import WRAPPERS

_READS = {"apply", "modules", "named_modules", "children", "named_children", "parameters", "named_parameters", "eval"}
_GROWS = {"append", "extend", "insert", "add_module", "register_module", "update", "set_submodule", "__setattr__"}


def is_closed(source: Source, node: ast.expr) -> bool:
    """Whether an expression is `self.x`, and every module that x ever gets is a layer of torch."""
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
        return False
    around = next((one for one in source.ancestors(node) if isinstance(one, ast.ClassDef)), None)
    accesses = [one for one in source.every(ast.Attribute) if one.attr == node.attr]
    named = any(text.value == node.attr for text in source.every(ast.Constant))
    if around is None or named or not all(_is_own(source, one, node.value.id) for one in accesses):
        return False
    given = [value for one in accesses if _class_of(source, one) is around for value in _given(source, one)]
    return bool(given) and all(value is not None and _is_torch(source, value) for value in given)


def _class_of(source: Source, node: ast.AST) -> ast.ClassDef | None:
    return next((one for one in source.ancestors(node) if isinstance(one, ast.ClassDef)), None)


def _is_own(source: Source, access: ast.Attribute, self_name: str) -> bool:
    """`self.x` in a method, of this class or another; not `net.x`."""
    if not (isinstance(access.value, ast.Name) and access.value.id == self_name):
        return False
    inner: ast.AST = access
    for around in source.ancestors(access):
        if isinstance(around, ast.ClassDef):
            arguments = inner.args.args if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) else []
            return bool(arguments) and arguments[0].arg == self_name
        inner = around
    return False


def _given(source: Source, access: ast.Attribute) -> Iterator[ast.expr | None]:
    """What an access puts in; None where that is not certain."""
    parent = source.parent(access)
    match parent:
        case ast.Assign(targets=[only], value=value) if only is access:
            yield value
        case ast.Attribute(attr="append" | "extend"):
            call = source.parent(parent)
            plain = isinstance(call, ast.Call) and call.func is parent and len(call.args) == 1
            yield call.args[0] if plain and isinstance(call, ast.Call) else None
        case ast.Attribute(attr=attr) if attr in _READS:
            return
        case ast.Subscript(ctx=ast.Load()):
            use = source.parent(parent)
            yield from () if isinstance(use, ast.Call) and use.func is parent else (None,)
        case ast.For(iter=of) | ast.comprehension(iter=of) if of is access:
            yield from (None,) if _is_changed(source, parent.target) else ()
        case ast.Call(func=func) if func is access:
            return
        case ast.Call(func=ast.Name(id="len")):
            return
        case ast.Call(func=func) if (source.path_of(func) or "").startswith("torch.nn.utils."):
            yield from () if isinstance(source.parent(parent), ast.Expr) else (None,)
        case ast.Call(func=ast.Name(id="zip" | "enumerate" | "reversed")):
            loop = source.parent(parent)
            changed = not isinstance(loop, (ast.For, ast.comprehension)) or _is_changed(source, loop.target)
            yield from (None,) if changed else ()
        case _:
            yield None


def _is_changed(source: Source, target: ast.expr) -> bool:
    """Whether what a loop goes over may be given modules: `for block in self.blocks: block.append(…)`."""
    names = {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
    changed = (
        node for node in source.every(ast.Attribute) if node.attr in _GROWS or not isinstance(node.ctx, ast.Load)
    )
    filled = (node for node in source.every(ast.Subscript) if not isinstance(node.ctx, ast.Load))
    owners = [node.value for node in changed] + [node.value for node in filled]
    return any(isinstance(owner, ast.Name) and owner.id in names for owner in owners)


def _is_torch(source: Source, value: ast.expr) -> bool:
    """A layer of torch, wrapped or in lists of such: what a constructor is given cannot be a module."""
    match value:
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return all(_is_torch(source, element) for element in elements)
        case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element):
            return _is_torch(source, element)
        case ast.IfExp(body=body, orelse=orelse):
            return _is_torch(source, body) and _is_torch(source, orelse)
        case ast.Call(func=func, args=args, keywords=keywords):
            path = source.path_of(func) or ""
            if path in {LIST, SEQUENTIAL}:
                return not keywords and all(_is_torch(source, argument) for argument in args)
            if path in WRAPPERS:
                return bool(args) and _is_torch(source, args[0])
            return path in by_module
        case _:
            return False
