"""The functions that `net.apply(…)` runs on every module: which they may be, and what they call the module."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..source import Source
from .block import block_of
from .functions import is_plain_function, plain_function

Function = tuple[str, Sequence[ast.stmt]]
"""What a function calls the module, and its body."""


class Applied:
    """Reads what is applied in one file."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def is_module_apply(self, node: ast.Attribute) -> bool:
        """`net.apply(init)` with one function; not `MyFunction.apply(x)` of an autograd Function class."""
        call = self.source.parent(node)
        if not isinstance(call, ast.Call) or call.func is not node or len(call.args) != 1 or call.keywords:
            return False
        if self._is_tensor(call.args[0]):
            return False
        match node.value:
            case ast.Name(id=name):
                return not self._is_autograd(name)
            case ast.Attribute(attr=name) as owner if self.class_of(owner.value) is not None:
                stored = any(one.attr == name and not isinstance(one.ctx, ast.Load) for one in self._attributes())
                return stored or not self._is_autograd(name)
            case _:
                return True

    def _is_tensor(self, node: ast.expr) -> bool:
        """A local that the statement before, or one further up in the block, gives what a torch function computes."""
        if not isinstance(node, ast.Name):
            return False
        statement = self.source.statement(node)
        block = block_of(self.source, statement)
        for earlier in reversed(block[: block.index(statement)]):
            if not any(
                isinstance(one, ast.Name) and one.id == node.id and not isinstance(one.ctx, ast.Load)
                for one in ast.walk(earlier)
            ):
                continue
            match earlier:
                case ast.Assign(targets=[ast.Name()], value=ast.Call(func=func)):
                    path = self.source.path_of(func) or ""
                    return path.startswith("torch.") and path.count(".") == 1 and path[6:].islower()
                case _:
                    return False
        return False

    def _is_autograd(self, name: str) -> bool:
        found = self.source.definitions.get(name, [])
        if len(found) != 1 or not isinstance(found[0], ast.ClassDef):
            return False
        return any((self.source.path_of(base) or "").startswith("torch.autograd.") for base in found[0].bases)

    def functions(self, node: ast.expr, given: frozenset[str] = frozenset()) -> list[Function] | None:
        """The functions that an expression may be; None where it may be any. `given`: arguments bound beforehand."""
        match node:
            case ast.Name():
                function = plain_function(self.source, node)
                return None if function is None else self._one(function, given, skip=0)
            case ast.Attribute(value=owner, attr=name):
                return self._methods(owner, name, given)
            case ast.Call(func=func, args=[inner], keywords=keywords) if (
                self.source.path_of(func) == "functools.partial"
            ):
                names = {keyword.arg for keyword in keywords if keyword.arg is not None}
                return self.functions(inner, frozenset(names)) if len(names) == len(keywords) and not given else None
            case ast.Lambda(args=ast.arguments(posonlyargs=[], args=[argument], vararg=None, kwarg=None), body=body):
                return [(argument.arg, [ast.Expr(body)])]
            case _:
                return None

    def _one(self, function: ast.FunctionDef, given: frozenset[str], *, skip: int) -> list[Function] | None:
        """A function that is called with the module alone, after `skip` arguments that it has already."""
        takes = function.args
        positional = [*takes.posonlyargs, *takes.args]
        required = {one.arg for one in positional[skip + 1 : len(positional) - len(takes.defaults)]}
        required |= {
            one.arg for one, default in zip(takes.kwonlyargs, takes.kw_defaults, strict=True) if default is None
        }
        if len(positional) <= skip or not required <= given or positional[skip].arg in given:
            return None
        return [(positional[skip].arg, function.body)]

    def _methods(self, owner: ast.expr, name: str, given: frozenset[str]) -> list[Function] | None:
        """What `self.init` may be: the method of the class or of its bases, and of the file's classes that derive."""
        if any(one.attr == name and not isinstance(one.ctx, ast.Load) for one in self._attributes()):
            return None
        around = self.class_of(owner)
        if around is None:
            return self._anybodys(owner, name, given)
        if self._is_missing(around, name):
            return []  # the call fails
        found: list[Function] = []
        homes = [self._home(around, name), *(one for one in self._derived(around) if _method(one, name) is not None)]
        for home in homes:
            functions = None if home is None else self._method_of(home, name, given)
            if functions is None:
                return None
            found += [one for one in functions if one not in found]
        return found

    def _is_missing(self, node: ast.ClassDef, name: str) -> bool:
        """Whether a class that derives from nn.Module alone has no such method, nor gets one from its own kind."""
        plain = [self.source.path_of(base) for base in node.bases] == ["torch.nn.Module"] and not node.keywords
        known = (
            name in self.source.scopes.inside(node).bindings
            or "__getattr__" in self.source.scopes.inside(node).bindings
        )
        named = any(text.value == name for text in self.source.every(ast.Constant))
        return plain and not known and not named and not any(self._derived(node)) and not node.decorator_list

    def _anybodys(self, owner: ast.expr, name: str, given: frozenset[str]) -> list[Function] | None:
        """`net.apply(net.init)`: the only method of the file that is called so."""
        found = self.source.definitions.get(name, [])
        home = self.source.parent(found[0]) if len(found) == 1 else None
        while isinstance(owner, ast.Attribute):
            owner = owner.value
        imported = isinstance(owner, ast.Name) and self.source.scopes.meaning(owner.id, owner) is not None
        return self._method_of(home, name, given) if isinstance(home, ast.ClassDef) and not imported else None

    def _method_of(self, home: ast.ClassDef, name: str, given: frozenset[str]) -> list[Function] | None:
        method = _method(home, name)
        if method is None or not is_plain_function(self.source, method):
            return None
        return self._one(method, given, skip=0 if _is_static(method) else 1)

    def _home(self, node: ast.ClassDef, name: str) -> ast.ClassDef | None:
        """The class that has the method, of a class and what it derives from in this file."""
        if name in self.source.scopes.inside(node).bindings:
            return node if _method(node, name) is not None else None
        match node.bases:
            case [ast.Name() as base]:
                found = self.source.definitions.get(base.id, [])
                one = found[0] if len(found) == 1 else None
                earlier = isinstance(one, ast.ClassDef) and one.lineno < node.lineno
                return self._home(one, name) if isinstance(one, ast.ClassDef) and earlier else None
            case _:
                return None

    def _derived(self, node: ast.ClassDef) -> Iterator[ast.ClassDef]:
        names = {node.name}
        for other in sorted(self.source.every(ast.ClassDef), key=lambda one: one.lineno):
            bases = {base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in other.bases}
            if other is not node and bases & names:
                names.add(other.name)
                yield other

    def _attributes(self) -> Iterator[ast.Attribute]:
        return self.source.every(ast.Attribute)

    def class_of(self, owner: ast.expr) -> ast.ClassDef | None:
        """The class in whose method a name is the first argument."""
        if not isinstance(owner, ast.Name):
            return None
        inner: ast.AST = owner
        for around in self.source.ancestors(owner):
            if isinstance(around, ast.ClassDef) and isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
                arguments = [*inner.args.posonlyargs, *inner.args.args]
                own = bool(arguments) and arguments[0].arg == owner.id and not _is_static(inner)
                stores = (one for one in self.source.stores.get(owner.id, ()) if inner in self.source.ancestors(one))
                return around if own and not any(stores) else None
            inner = around
        return None


def _method(node: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    """The method of a class with this name, where the class gives the name one meaning."""
    found = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == name]
    others = [one for one in node.body if isinstance(one, (ast.Assign, ast.AnnAssign)) and _binds(one, name)]
    return found[0] if len(found) == 1 and not others else None


def _binds(statement: ast.stmt, name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        for node in ast.walk(statement)
    )


def _is_static(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in method.decorator_list)
