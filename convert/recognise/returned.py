"""What a function of the file gives back: `def init(o, i): return torch.randn(o, i) * 0.1`, as a call of it reads."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from ..source import Source


def returning_function(source: Source, call: ast.Call) -> ast.FunctionDef | None:
    """The function at the top of the file that a call calls, if its one return is its last statement."""
    if not isinstance(call.func, ast.Name):
        return None
    name, root = call.func.id, source.scopes.root
    found = [node for node in source.tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    stores = any(node.id == name and isinstance(node.ctx, ast.Store) for node in source.every(ast.Name))
    if len(found) != 1 or found[0].decorator_list or stores or source.scopes.scope_binding(call.func) is not root:
        return None
    returns = [node for node in ast.walk(found[0]) if isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom))]
    last = found[0].body[-1]
    return found[0] if returns == [last] and isinstance(last, ast.Return) and last.value is not None else None


def handed(function: ast.FunctionDef, call: ast.Call) -> dict[str, ast.expr] | None:
    """Argument → what a call hands over for it, defaults included; None where that cannot be told."""
    spec = function.args
    names = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
    if spec.vararg or spec.kwarg or spec.kwonlyargs or len(call.args) > len(names):
        return None
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    found = dict(zip(reversed(names), reversed(spec.defaults), strict=False))
    found.update(zip(names, call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg not in names or keyword.arg in names[: len(call.args)]:
            return None
        found[keyword.arg] = keyword.value
    return found if len(found) == len(names) else None


def with_arguments(text: str, given: Mapping[str, str]) -> list[str]:
    """An axis of a shape in a function's arguments, as its caller would write it: `*size` of `[3, 4]` is `3, 4`."""
    tree = ast.parse(f"f({text})", mode="eval")
    assert isinstance(tree.body, ast.Call)
    for node in ast.walk(tree.body):
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.Name) and value.id in given and not (node is tree.body and name == "func"):
                setattr(node, name, ast.parse(given[value.id], mode="eval").body)
            elif isinstance(value, list):
                value[:] = [
                    ast.parse(given[one.id], mode="eval").body if isinstance(one, ast.Name) and one.id in given else one
                    for one in value
                ]
    found = _indexed(tree.body)
    texts: list[str] = []
    for argument in found.args:
        match argument:
            case ast.Starred(value=ast.List(elts=elements) | ast.Tuple(elts=elements)):
                texts += [ast.unparse(element) for element in elements]
            case _:
                texts.append(ast.unparse(argument))
    return texts


def is_plain(node: ast.AST) -> bool:
    """Whether an expression can stand at another place, twice: names, numbers, and what is made of them."""
    allowed = (ast.Name, ast.Constant, ast.Tuple, ast.List, ast.BinOp, ast.UnaryOp, ast.Attribute)
    inner = (ast.expr_context, ast.operator, ast.unaryop)
    return all(isinstance(part, (*allowed, *inner)) for part in ast.walk(node))


class _Items(ast.NodeTransformer):
    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """`[3, 4][0]` → 3."""
        self.generic_visit(node)
        match node:
            case ast.Subscript(
                value=ast.List(elts=elements) | ast.Tuple(elts=elements), slice=ast.Constant(value=int(at))
            ):
                return elements[at] if -len(elements) <= at < len(elements) else node
            case _:
                return node


def _indexed(call: ast.Call) -> ast.Call:
    found = _Items().visit(call)
    assert isinstance(found, ast.Call)
    return found
