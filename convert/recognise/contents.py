"""Whether all that a Sequential is given is known: each of its modules is made by one of certain constructors.

What is not known may be any module of the user's. The answer is yes only where every list on the way is seen whole.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from ..ops.container import DICT, LIST, SEQUENTIAL
from .gathering import ITSELF, calls_of, function_called
from .local_lists import ORDERED, local_scope, reads_in, stored_values
from .model import Model
from .surroundings import Surroundings

_PUTS = {"append": (0, 1), "insert": (1, 2), "extend": (0, 1), "add_module": (1, 2)}


class Contents:
    """Asks of expressions whether they give nothing but what `ours` make.

    `filled` by whatever: containers may gain any module.
    """

    def __init__(
        self, model: Model, surroundings: Surroundings, ours: Collection[int], *, filled: bool = False
    ) -> None:
        self.model = model
        self.source = model.source
        self.surroundings = surroundings
        self.ours = ours
        self.filled = filled
        self._asked: set[tuple[ast.AST, int]] = set()

    def is_known(self, node: ast.expr, depth: int = 0) -> bool:
        """Whether every module that an expression may give is one of ours; `depth` 1 for a list, 2 for one of pairs."""
        if (node, depth) in self._asked:
            return True
        self._asked.add((node, depth))
        match node:
            case ast.Constant(value=None) if not depth:
                return True
            case ast.IfExp(body=body, orelse=orelse):
                return self.is_known(body, depth) and self.is_known(orelse, depth)
            case ast.Name():
                return self._local(node, depth)
            case ast.Call():
                return self._call(node, depth)
            case _:
                return bool(depth) and self._list(node, depth)

    def holds_ours(self, node: ast.Call) -> bool:
        """Whether the arguments of a container are all known."""
        if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
            match node.args[0]:
                case ast.Call(func=func, args=[only]) if self.source.path_of(func) == ORDERED:
                    return self.is_known(only, 2)
        if self.source.path_of(node.func) == LIST:
            return all(self.is_known(one, 1) for one in node.args)
        if self.source.path_of(node.func) == DICT:
            shown = (ast.Dict, ast.DictComp)
            return all(self.is_known(one, 1 if isinstance(one, shown) else 2) for one in node.args)
        given = [(one.value, 1) if isinstance(one, ast.Starred) else (one, 0) for one in node.args]
        return all(self.is_known(one, depth) for one, depth in given)

    def _list(self, node: ast.expr, depth: int) -> bool:
        match node:
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return all(self._element(one, depth) for one in elements)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self.is_known(left, depth) and self.is_known(right, depth)
            case ast.BinOp(left=left, op=ast.Mult()):
                return self.is_known(left, depth)
            case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element):
                return self._element(element, depth)
            case ast.Subscript(value=value, slice=ast.Slice()):
                return self.is_known(value, depth)
            case ast.Dict(keys=keys, values=values):
                return None not in keys and all(self.is_known(one, depth - 1) for one in values)
            case ast.DictComp(value=value):
                return self.is_known(value, depth - 1)
            case _:
                return False

    def _element(self, node: ast.expr, depth: int) -> bool:
        if isinstance(node, ast.Starred):
            return self.is_known(node.value, depth)
        if depth == 2:
            match node:
                case ast.Tuple(elts=[_, value]) | ast.List(elts=[_, value]):
                    return self.is_known(value)
                case _:
                    return False
        return self.is_known(node, depth - 1)

    def _call(self, node: ast.Call, depth: int) -> bool:
        if id(node) in self.ours:
            return not depth
        if isinstance(node.func, ast.Attribute) and node.func.attr in ITSELF and not depth:
            return self.is_known(node.func.value)
        if isinstance(node.func, ast.Name) and not self.source.scopes.is_bound(node.func.id, node.func):
            copies = node.func.id in {"list", "tuple", "reversed"} and bool(depth) and not node.keywords
            return copies and all(self.is_known(one, depth) for one in node.args)
        function = function_called(self.model, node)
        if function is None or node not in (calls_of(self.model, self.surroundings, function) or ()):
            return False
        returns = [one for one in self.source.walk(function) if isinstance(one, ast.Return)]
        inner = [one for one in returns if self._home(one) is function]
        return all(one.value is not None and self.is_known(one.value, depth) for one in inner)

    def _home(self, node: ast.AST) -> ast.AST | None:
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        return next((one for one in self.source.ancestors(node) if isinstance(one, kinds)), None)

    def _binds_in(self, name: ast.Name, scope: object) -> bool:
        return self.source.scopes.scope_binding(name) is scope

    def _local(self, name: ast.Name, depth: int) -> bool:
        values, scope = stored_values(self.source, name), local_scope(self.source, name)
        if values is None or scope is None or not all(self.is_known(value, depth) for value in values):
            return False
        for store in self.source.stores.get(name.id, ()):
            around = self.source.parent(store)
            ours = isinstance(around, ast.AugAssign) and self._binds_in(store, scope)
            if ours and isinstance(around, ast.AugAssign) and not self.is_known(around.value, depth):
                return False
        return all(self._mention(read, depth) for read in reads_in(self.source, name, scope))

    def _put(self, function: ast.Attribute, depth: int) -> bool:
        """Whether `layers.append(…)`, or `net.add_module(name, …)`, puts one of ours in."""
        call = self.source.parent(function)
        at, number = _PUTS[function.attr]
        if not (isinstance(call, ast.Call) and call.func is function and len(call.args) == number):
            return False
        given = call.args[at]
        return self.is_known(given, depth) if function.attr == "extend" else self._element(given, depth)

    def _mention(self, read: ast.Name, depth: int) -> bool:
        """Whether a read of a local adds nothing but ours to what it holds, under this or another name."""
        match self.source.parent(read):
            case ast.Attribute(attr=attr) as around if attr in _PUTS:
                return (self.filled and not depth) or self._put(around, max(depth, 1))
            case ast.Attribute(attr="pop" | "reverse" | "clear"):
                return True
            case ast.Attribute():
                return not depth
            case ast.Subscript(ctx=ast.Load()) | ast.Starred() | ast.BinOp():
                return True
            case ast.Return() as around:
                return not depth or self._home(around) is self.source.scopes.scope_of(read).node
            case ast.Subscript(slice=index) as around if isinstance(around.ctx, ast.Store):
                match self.source.parent(around):
                    case ast.Assign(value=value) if not isinstance(index, ast.Slice):
                        return (self.filled and not depth) or self._element(value, max(depth, 1))
                return False
            case ast.Assign(targets=targets, value=value) if value is read and not depth:
                return all(self.model.self_attribute(one) is not None for one in targets)  # which is seen whole
            case ast.AugAssign(value=value) if value is read:
                return True
            case ast.List() | ast.Tuple():
                return not depth
            case ast.Call(func=func, args=args) if read in args:
                path = self.source.path_of(func)
                length = isinstance(func, ast.Name) and func.id == "len"
                put = isinstance(func, ast.Attribute) and func.attr in _PUTS
                return (
                    path in {SEQUENTIAL, LIST, DICT, ORDERED} or length or (put and (not depth or _is_extended(func)))
                )
            case ast.If() | ast.While() | ast.UnaryOp():
                return True
            case _:
                return False


def _is_extended(func: ast.expr) -> bool:
    return isinstance(func, ast.Attribute) and func.attr == "extend"
