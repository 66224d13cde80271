"""What the rest of a file does to a model class from outside: foreign attribute access, key strings, walkers, modes."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property, partial

from ..ops.container import CONTAINERS
from ..source import Source
from .built_keys import BuiltKey, built_keys
from .elsewhere import Elsewhere
from .family import with_families
from .model import Model, models_of
from .other_kind import OtherKind
from .walkers import Walkers, walkers_of

_NAMED = {"getattr", "setattr", "hasattr", "delattr"}
_SETTINGS = {"config", "cfg", "conf", "args", "opt", "opts", "options", "hparams", "hps", "kwargs", "params_cfg"}
"""Names that by convention hold settings, never a model: `config.dropout` is no use of a layer `dropout`."""


class Surroundings:
    """The file-wide facts that every model of the file is judged against."""

    def __init__(
        self,
        source: Source,
        elsewhere: Elsewhere | None = None,
        *,
        families: bool = False,
        keyless: Collection[str] = (),
    ) -> None:
        """`families`: classes that derive from model classes of the file are models too.

        `keyless`: classes made on the way, whose attributes' names nobody can have written into a string.
        """
        self.keyless = keyless
        self.source = source
        models = tuple(models_of(source))
        self.models = with_families(source, models) if families else models
        self.elsewhere = elsewhere or Elsewhere()

    @cached_property
    def walkers(self) -> Walkers:
        """Code that walks over modules by kind or over parameters by name."""
        return walkers_of(self.source)

    def foreign_uses(self, model: Model, name: str) -> list[ast.AST]:
        """Places outside the class (or on something else than its self) that read or set `.name` of some object."""
        return [node for node in self._accesses[name] if self._is_foreign(model, node, name)]

    def accesses_of_others(self) -> Iterator[tuple[str, ast.AST]]:
        """Attribute name → a place that reads or sets it on an object whose class may stand in another file."""
        for name, places in self._accesses.items():
            for place in places:
                owner = place.args[0] if isinstance(place, ast.Call) else place.value  # type: ignore[attr-defined]
                if self._may_be_imported(owner):
                    yield name, place
                    break

    def borrowed(self, model: Model, method: str) -> ast.AST | None:
        """A place that takes a method from the class itself and may run it on some other object: `Net.act(None, x)`."""
        for place in self._accesses[method]:
            if not (isinstance(place, ast.Attribute) and isinstance(place.value, ast.Name)):
                continue
            if place.value.id == model.name and not self._is_own_call(model, place):
                return place
        return None

    def _is_own_call(self, model: Model, function: ast.Attribute) -> bool:
        """`Base.act(self, x)` in the class or a class that derives from it."""
        match self.source.parent(function):
            case ast.Call(func=func, args=[first, *_]) if func is function:
                owner = self._class_of_self(first)
                return owner is not None and (owner is model.node or model.name in self._ancestry(owner))
            case _:
                return False

    def claims(self, model: Model, name: str) -> bool:
        """Whether a class that is related to this one, or code outside, uses a name as an attribute of its objects."""
        for place in self._accesses[name]:
            if isinstance(place, ast.Call) or not isinstance(place, ast.Attribute):
                return True
            owner = self._class_of_self(place.value)
            if owner is None and not isinstance(place.ctx, ast.Load) and self._is_foreign(model, place, name):
                return True
            if owner is not None and owner is not model.node and self._related(model.node, owner):
                return True
        return any(
            name in self.source.scopes.inside(node).bindings
            for node in self._classes.values()
            if node is not model.node and self._related(model.node, node)
        )

    def key_strings(self, model: Model, name: str) -> list[ast.Constant]:
        """String constants that read as a state_dict key of the attribute: "name" or "name.…"."""
        registered = {
            definition.call.args[0]
            for attribute in model.attributes.values()
            for definition in attribute.definitions
            if definition.call is not None and definition.call.args
        }
        found = self.strings[name]
        others = (self._is_other_registration, partial(self._is_asked_of_another, model))
        return [node for node in found if node not in registered and not any(other(node) for other in others)]

    def built_key(self, name: str) -> BuiltKey | None:
        """A string put together at run time that may be a state_dict key of the attribute."""
        return next((key for key in self._built_keys if key.may_name(name)), None)

    @cached_property
    def _built_keys(self) -> tuple[BuiltKey, ...]:
        return tuple(built_keys(self.source))

    @cached_property
    def sets_training(self) -> ast.AST | None:
        """A place that assigns `.training` directly."""
        stores = (n for n in self._accesses["training"] if isinstance(n, ast.Attribute))
        return next((node for node in stores if not isinstance(node.ctx, ast.Load)), None)

    @cached_property
    def _accesses(self) -> dict[str, list[ast.AST]]:
        found: dict[str, list[ast.AST]] = defaultdict(list)
        for node in self.source.every(ast.Attribute):
            found[node.attr].append(node)
        for call in self.source.every(ast.Call):
            if isinstance(call.func, ast.Name) and call.func.id in _NAMED and len(call.args) > 1:
                key = call.args[1]
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    found[key.value].append(call)
        return found

    @cached_property
    def strings(self) -> dict[str, list[ast.Constant]]:
        """The short strings of the file that begin with a name, by that name; docstrings are left out."""
        found: dict[str, list[ast.Constant]] = defaultdict(list)
        for node in self.source.every(ast.Constant):
            if isinstance(node.value, str) and len(node.value) < 200:
                if isinstance(self.source.parent(node), ast.Expr):
                    continue  # a docstring
                head = node.value.partition(".")[0]
                if head.isidentifier():
                    found[head].append(node)
        return found

    @cached_property
    def _classes(self) -> dict[str, ast.ClassDef]:
        return {node.name: node for node in self.source.every(ast.ClassDef)}

    def _is_other_registration(self, node: ast.Constant) -> bool:
        call = self.source.parent(node)
        return (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in {"register_buffer", "register_parameter", "add_module"}
        )

    def _is_asked_of_another(self, model: Model, node: ast.Constant) -> bool:
        """`hasattr(self, "name")` in a class that has nothing to do with this one."""
        call = self.source.parent(node)
        return (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id in _NAMED
            and self._is_unrelated_self(model, call.args[0])
        )

    def _may_be_imported(self, owner: ast.expr) -> bool:
        """Whether an expression may give an object of a class from another file of the user."""
        if self._is_of_library(owner) or _holds_settings(owner):
            return False
        around = self._class_of_self(owner)
        if around is None:
            return True
        known = {"Module", "object", *self._classes}
        return not self._ancestry(around) <= known

    def _is_foreign(self, model: Model, node: ast.AST, name: str) -> bool:
        if node in model.own_nodes:
            return False
        if isinstance(node, ast.Call):  # getattr(…, "name")
            return node not in model.attribute(name).named and not self._is_unrelated_self(model, node.args[0])
        assert isinstance(node, ast.Attribute)
        owner = node.value
        if self.source.path_of(owner) is not None or self._is_import(owner):
            return False
        if _holds_settings(owner) or self._is_container(owner):
            return False
        return not self._is_unrelated_self(model, owner) and not self._others.is_other(model, owner)

    @cached_property
    def _others(self) -> OtherKind:
        return OtherKind(self.source, self.models, self._related, self.elsewhere.attributes)

    def _is_container(self, node: ast.AST) -> bool:
        """`self.net` that holds a Sequential, a ModuleList or a ModuleDict, in a class of the file."""
        owner = self._class_of_self(node.value) if isinstance(node, ast.Attribute) else None
        model = next((one for one in self.models if one.node is owner), None)
        if model is None or not isinstance(node, ast.Attribute) or node not in model.own_nodes:
            return False
        attribute = model.attribute(node.attr)
        made = [definition.value for definition in attribute.definitions]
        paths = {self.source.path_of(value.func) if isinstance(value, ast.Call) else None for value in made}
        return bool(made) and not attribute.odd and paths <= CONTAINERS

    def _is_import(self, node: ast.AST) -> bool:
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and self.source.scopes.meaning(node.id, node) is not None

    def _is_of_library(self, node: ast.AST) -> bool:
        """Whether an expression is reached through an import of something that holds no model of the user."""
        while isinstance(node, ast.Attribute):
            node = node.value
        path = self.source.scopes.meaning(node.id, node) if isinstance(node, ast.Name) else None
        root = (path or "").partition(".")[0]
        return root in {"torch", "numpy"} or root in sys.stdlib_module_names

    def _is_unrelated_self(self, model: Model, owner: ast.AST) -> bool:
        """`self` of another class that neither derives from this one nor is among its bases."""
        around = self._class_of_self(owner)
        return around is not None and around is not model.node and not self._related(model.node, around)

    def _class_of_self(self, owner: ast.AST) -> ast.ClassDef | None:
        """The class in whose method a name is the first argument."""
        if not isinstance(owner, ast.Name):
            return None
        inner: ast.AST = owner
        for around in self.source.ancestors(owner):
            if isinstance(around, ast.ClassDef) and isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
                arguments = [*inner.args.posonlyargs, *inner.args.args]
                if arguments and arguments[0].arg == owner.id:
                    return around
            inner = around
        return None

    def _related(self, node: ast.ClassDef, other: ast.ClassDef) -> bool:
        """Whether one derives from the other, or a third class of the file from both."""
        if node.name in self._ancestry(other) or other.name in self._ancestry(node):
            return True
        return any({node.name, other.name} <= self._ancestry(each) for each in self._joining)

    @cached_property
    def _joining(self) -> list[ast.ClassDef]:
        """The classes with several bases."""
        return [node for node in self._classes.values() if len(node.bases) > 1]

    def _ancestry(self, node: ast.ClassDef) -> set[str]:
        """Names of the classes a class derives from, as far as this file tells."""
        found: set[str] = set()
        work = [node]
        while work:
            for base in work.pop().bases:
                name = base.id if isinstance(base, ast.Name) else base.attr if isinstance(base, ast.Attribute) else ""
                if name and name not in found:
                    found.add(name)
                    work += [self._classes[name]] if name in self._classes else []
        return found


def _holds_settings(owner: ast.AST) -> bool:
    return (isinstance(owner, ast.Name) and owner.id in _SETTINGS) or (
        isinstance(owner, ast.Attribute) and owner.attr in _SETTINGS
    )
