"""Objects that cannot be of a class: what an isinstance test lets through, and what an attribute is given."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Sequence

from ..source import Source
from .answers import Answers
from .model import Model

Related = Callable[[ast.ClassDef, ast.ClassDef], bool]


class OtherKind:
    """Tells, in one file, which expressions stand for objects of other classes than a model's."""

    def __init__(
        self, source: Source, models: Sequence[Model], related: Related, elsewhere: Collection[str] = ()
    ) -> None:
        """`elsewhere`: attributes that other files set or read."""
        self.source = source
        self.given = Answers(source).given
        self.elsewhere = elsewhere
        self.models = models
        self.related = related

    def is_other(self, model: Model, owner: ast.AST) -> bool:
        """Whether an object cannot be of the model's class, or of one that derives from it."""
        if isinstance(owner, ast.Name):
            return any(self._excludes(model, test, owner.id) for test in self._tests(owner))
        values = list(self._values(owner)) if isinstance(owner, ast.Attribute) else []
        return bool(values) and all(self._makes_other(model, value) for value in values)

    def _tests(self, name: ast.Name) -> Iterator[ast.expr]:
        """What holds wherever a name is read: the tests of the branches around, since which it is given nothing new."""
        inner: ast.AST = name
        for around in self.source.ancestors(name):
            if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
                return
            if isinstance(around, ast.If) and inner in around.body and not _binds(around.body, name.id):
                plain = not isinstance(around.test, ast.BoolOp) or isinstance(around.test.op, ast.And)
                yield from (
                    (around.test.values if isinstance(around.test, ast.BoolOp) else [around.test]) if plain else ()
                )
            inner = around

    def _excludes(self, model: Model, test: ast.expr, name: str) -> bool:
        match test:
            case ast.Call(func=ast.Name(id="isinstance") as func, args=[ast.Name(id=tested), kinds], keywords=[]):
                if tested != name or self.source.scopes.is_bound("isinstance", func):
                    return False
                classes = kinds.elts if isinstance(kinds, (ast.Tuple, ast.List)) else [kinds]
                return all(self._is_other_class(model, one) for one in classes)
            case _:
                return False

    def _values(self, owner: ast.Attribute) -> Iterator[ast.expr | None]:
        """What `self.x` of a class of the file is given, at every place; None where that is not plain."""
        home = next((one for one in self.models if owner in one.own_nodes), None)
        if home is None or home.bases or home.derived or home.computed:
            return
        attribute = home.attribute(owner.attr)
        stores = [
            one
            for one in self.source.every(ast.Attribute)
            if one.attr == owner.attr and not isinstance(one.ctx, ast.Load) and one not in home.own_nodes
        ]
        named = any(text.value == owner.attr for text in self.source.every(ast.Constant))
        anywhere = "" in self.given or owner.attr in self.elsewhere or owner.attr in home.class_names
        if attribute.odd or stores or named or anywhere:
            yield None
        for definition in attribute.definitions:
            yield from _leaves(definition.value)

    def _makes_other(self, model: Model, value: ast.expr | None) -> bool:
        match value:
            case ast.Constant(value=None):
                return True
            case ast.Call(func=func):
                return self._is_other_class(model, func)
            case _:
                return False

    def _is_other_class(self, model: Model, node: ast.expr) -> bool:
        """A class of torch, or one of the file that has nothing to do with the model's."""
        path = self.source.path_of(node)
        if path is not None:
            plain = path.startswith("torch.nn.") and path.rpartition(".")[2][:1].isupper()
            return plain and path != "torch.nn.Module"
        if not isinstance(node, ast.Name) or node.id in self.source.stores:
            return False
        found = self.source.definitions.get(node.id, [])
        scope = self.source.scopes.scope_binding(node)
        if len(found) != 1 or scope is None or len(scope.bindings[node.id]) != 1:
            return False
        (one,) = found
        return isinstance(one, ast.ClassDef) and one is not model.node and not self.related(model.node, one)


def _leaves(value: ast.expr | None) -> Iterator[ast.expr | None]:
    if isinstance(value, ast.IfExp):
        yield from _leaves(value.body)
        yield from _leaves(value.orelse)
    else:
        yield value


def _binds(body: Sequence[ast.stmt], name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        for part in body
        for node in ast.walk(part)
    )
