"""What forbids touching a layer, wherever it stands in the class: every guard raises Kept with its reason.

The questions are the same in both directions: does anything see this attribute, its state keys, or its kind, that the
rewriting would not carry along?
"""

from __future__ import annotations

import ast
from collections.abc import Sequence, Set

from ..recognise.elsewhere import Place
from ..recognise.functions import only_reads
from ..recognise.key_words import speaks_of_keys
from ..recognise.model import Model
from ..recognise.surroundings import Surroundings
from .plan import Kept

_HARMLESS_CALLS = {"super", "isinstance", "type", "id", "print", "repr", "str"}
_KNOWN_CALLS = {"_log_api_usage_once", "get_device_dtype"}
"""Functions that torchvision and timm hand a model: one takes the name of its class, one its first parameter."""
_PROTOCOL = {
    "parameters",
    "named_parameters",
    "buffers",
    "named_buffers",
    "state_dict",
    "load_state_dict",
    "_load_from_state_dict",
    "_save_to_state_dict",
    "modules",
    "named_modules",
    "children",
    "named_children",
    "apply",
    "_apply",
    "__call__",
    "__getattr__",
    "__getattribute__",
    "__setattr__",
    "__delattr__",
    "register_parameter",
    "register_buffer",
    "register_module",
    "add_module",
    "__getstate__",
    "__setstate__",
    "__deepcopy__",
}
_TAKES_CHILDREN = {
    *("__getattr__", "__getattribute__", "__setattr__", "add_module", "register_module"),
    *("modules", "named_modules", "children", "named_children"),
}
_DICTIONARIES = {"__dict__", "_modules", "_parameters", "_buffers"}
_STRINGS = {"JoinedStr", "TemplateStr"}
_ORDERED = {"parameters", "buffers"}
_READS_FIRST = {"next", "sum", "any", "all", "len"}


class Guards:
    """The guards of one model in its surroundings."""

    def __init__(self, model: Model, surroundings: Surroundings) -> None:
        self.model = model
        self.source = model.source
        self.surroundings = surroundings
        self.tells_walkers = False
        self.untold: dict[str, Kept] = {}

    def check_class(self) -> None:
        """Nothing of a class may be touched whose construction, or that of a relative, is not plain."""
        for model in self.model.family:
            self._check_plain(model)

    def _check_plain(self, model: Model) -> None:
        node = model.node
        for decorator in node.decorator_list:
            if "jit" in self.source.says(decorator):
                raise Kept("NF228", decorator)
        for method in model.methods.values():
            for decorator in method.node.decorator_list:
                if (self.source.path_of(decorator) or "").startswith("torch.jit.script"):
                    raise Kept("NF228", decorator)
        others = [base for base in node.bases if self.source.path_of(base) != "torch.nn.Module"]
        if (others and not model.bases) or node.keywords:
            odd = others[0] if others else node.keywords[0].value
            raise Kept("NF231", name=node.name, text=self.source.says(odd))
        for place in (*model.computed, *filter(self._escapes, model.bare_self)):
            around = self.source.parent(place) if isinstance(place, ast.Name) else place
            raise Kept("NF211", text=self._brief(around or place), other=self._line(place))
        for name in _DICTIONARIES:
            if uses := model.attribute(name).uses:
                raise Kept("NF211", text=self._brief(uses[0]), other=uses[0].lineno)
        if derived := self.surroundings.elsewhere.bases.get(node.name):
            raise _used_elsewhere(f"class {node.name}", derived)
        for method in model.methods.values():
            borrowed = self.surroundings.borrowed(model, method.name)
            if method.self_name is not None and borrowed is not None:
                raise Kept("NF209", name=method.name, other=self._line(borrowed), text=self._brief(borrowed))

    def check_attribute(self, name: str) -> None:
        """One plain definition, and no access that the rewriting does not see."""
        attribute = self.model.attribute(name)
        if attribute.odd or len(attribute.definitions) != 1:
            raise Kept("NF208", name=name, count=len(attribute.definitions) + len(attribute.odd))
        self.check_reach(name)

    def asked(self, name: str) -> list[ast.Call]:
        """Every `hasattr(self, "name")` of the class, which an attribute of another name can answer as well."""
        return [
            place
            for place in self.model.attribute(name).named
            if isinstance(place, ast.Call)
            and isinstance(place.func, ast.Name)
            and place.func.id == "hasattr"
            and not self.source.scopes.is_bound("hasattr", place)
        ]

    def check_reach(self, name: str, *, asked: Sequence[ast.AST] = ()) -> None:
        """Nothing outside this class, and nothing that names it in a string, reaches the attribute.

        `asked` are places that the caller rewrites.
        """
        attribute = self.model.attribute(name)
        if name in self.untold:
            raise self.untold[name]
        named: list[ast.AST] = [place for place in attribute.named if place not in asked]
        for place in (*named, *self.surroundings.foreign_uses(self.model, name)):
            raise Kept("NF209", name=name, other=self._line(place), text=self._brief(place))
        self._check_elsewhere(name)
        for use in attribute.uses:
            self.check_text(use)
        if name in self.model.class_names:
            raise Kept("NF208", name=name, count=len(attribute.definitions) + 1)

    def check_text(self, node: ast.AST) -> None:
        """Nothing is rewritten inside a string: its quotes bind, and old Pythons do not tell where its parts stand."""
        if any(type(around).__name__ in _STRINGS for around in self.source.ancestors(node)):
            raise Kept("NF237", node, text=self._brief(node))

    def check_method(self, name: str) -> None:
        """A method that becomes an attribute: nothing but calls of it in this class."""
        attribute = self.model.attribute(name)
        for place in (*attribute.named, *attribute.odd, *self.surroundings.foreign_uses(self.model, name)):
            raise Kept("NF209", name=name, other=self._line(place), text=self._brief(place))
        self._check_elsewhere(name)
        for use in attribute.uses:
            call = self.source.parent(use)
            if not (isinstance(call, ast.Call) and call.func is use):
                raise Kept("NF214", use, name=name, text=self._brief(use))
        if name.startswith("__") or name == "forward" or not attribute.uses:
            raise Kept("NF214", name=name, text=name)

    def check_keys(self, name: str, *, apart: Sequence[ast.Call] = ()) -> None:
        """Nothing reads the state_dict keys of the attribute, by string, by name or by position.

        `apart`: calls whose strings name the attribute, and which the caller rewrites.
        """
        if self.model.name in self.surroundings.keyless:
            return
        ours = [argument for call in apart for argument in call.args]
        for string in self.surroundings.key_strings(self.model, name):
            if string in ours:
                continue
            raise Kept("NF210", name=name, other=string.lineno, text=self._brief(string))
        if built := self.surroundings.built_key(name):
            raise Kept("NF210", name=name, other=self._line(built.node), text=self._brief(built.node))
        elsewhere = self.surroundings.elsewhere
        if place := elsewhere.keys.get(name) or elsewhere.by_name.get(""):
            raise _used_elsewhere(f"self.{name}", place)
        if reader := self.surroundings.walkers.by_name:
            raise Kept("NF213", other=self._line(reader), text=self._brief(reader))
        self.check_protocol()
        for name in sorted(_ORDERED):
            for use in (use for model in self.model.family for use in model.attribute(name).uses):
                if not self._is_order_free(use):
                    raise Kept("NF213", other=use.lineno, text=self._brief(use))

    def may_stand(self, name: str, reason: Kept) -> bool:
        """Whether what keeps a layer reads keys of the state alone: "head.weight", not "head", which may ask for it."""
        if reason.code not in {"NF210", "NF213"} or self.surroundings.built_key(name):
            return False
        return not self._bare_strings(name)

    def check_bare(self, name: str) -> None:
        """No string is the attribute's name alone, which may ask for it."""
        for string in self._bare_strings(name):
            raise Kept("NF210", name=name, other=string.lineno, text=self._brief(string))

    def _bare_strings(self, name: str) -> list[ast.Constant]:
        strings = self.surroundings.key_strings(self.model, name)
        bare = (string for string in strings if "." not in str(string.value))
        return [string for string in bare if not speaks_of_keys(self.source, string)]

    def check_protocol(self) -> None:
        """The class leaves the handling of its parameters and modules to nn.Module."""
        self._check_left_alone(_PROTOCOL)

    def check_new_child(self) -> None:
        """A child that was not there before is stored, found and listed by nn.Module, not by the class."""
        self._check_left_alone(_TAKES_CHILDREN)

    def _check_left_alone(self, names: Set[str]) -> None:
        for model in self.model.family:
            for protocol in sorted(names & model.methods.keys()):
                raise Kept("NF220", text=protocol, other=model.methods[protocol].node.lineno)

    def check_kind(self, module: str, *, told: bool = False) -> None:
        """No code walks over modules of this kind, but such as can be told what has changed (`tells_walkers`)."""
        if place := self.surroundings.elsewhere.walker(module):
            raise _used_elsewhere(module.removeprefix("torch."), place)
        walkers = self.surroundings.walkers
        if told and self.tells_walkers and walkers.every is None:
            return
        if walker := walkers.sees(module, [model.node for model in self.model.family]):
            name = module.removeprefix("torch.")
            raise Kept("NF212", other=self._line(walker), text=self._brief(walker), module=name)

    def check_mode(self) -> None:
        """A layer's own `training` and its owner's are the same at all times."""
        if store := self.surroundings.sets_training:
            raise Kept("NF219", other=self._line(store), text=self._brief(store))
        for model, name in ((model, name) for model in self.model.family for name in ("train", "eval")):
            if name in model.methods:
                node = model.methods[name].node
                raise Kept("NF219", other=node.lineno, text=f"def {name}")
            for use in model.attribute(name).uses:
                method = model.method_of(use)
                if method is not None and method.name == "__init__":
                    raise Kept("NF219", other=use.lineno, text=self._brief(use))

    def _check_elsewhere(self, name: str) -> None:
        if place := self.surroundings.elsewhere.attributes.get(name):
            raise _used_elsewhere(f"self.{name}", place)

    def _escapes(self, name: ast.Name) -> bool:
        """Whether a bare `self` may let other code see the attributes."""
        parent = self.source.parent(name)
        match parent:
            case ast.Return():
                return False
            case ast.Call(func=func) if func is name or self.source.path_of(func) == "torch.nn.Module.__init__":
                return False
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner)), args=[first, *_]) if first is name:
                return owner not in {base.name for base in self.model.family}  # `Base.__init__(self)`
            case ast.Call(func=ast.Name(id=function) as func):
                if function in _HARMLESS_CALLS and not self.source.scopes.is_bound(function, name):
                    return False
                imported = self.source.scopes.meaning(function, func) is not None
                return not (imported and function in _KNOWN_CALLS) and not only_reads(self.source, parent, name)
            case ast.Compare():
                return False
            case _:
                return True

    def _is_order_free(self, use: ast.Attribute) -> bool:
        """`self.parameters()` handed to an optimiser, summed over, or asked for its first entry."""
        call = self.source.parent(use)
        if not (isinstance(call, ast.Call) and call.func is use):
            return False
        user = self.source.parent(call)
        match user:
            case ast.Call(func=ast.Name(id=name)) if name in _READS_FIRST:
                return True
            case ast.Call(func=func) if (self.source.path_of(func) or "").startswith(
                ("torch.optim.", "torch.nn.utils.")
            ):
                return True
            case ast.comprehension():
                around = self.source.parent(user)
                outer = self.source.parent(around) if around is not None else None
                return (
                    isinstance(around, ast.GeneratorExp)
                    and isinstance(outer, ast.Call)
                    and isinstance(outer.func, ast.Name)
                    and outer.func.id in _READS_FIRST
                )
            case _:
                return False

    def _brief(self, node: ast.AST) -> str:
        call = self.source.parent(node)
        if isinstance(call, ast.Call) and call.func is node:
            node = call
        text = " ".join(self.source.says(node).split())
        return text if len(text) <= 60 else text[:57] + "..."

    def _line(self, node: ast.AST) -> int:
        return node.lineno  # type: ignore[attr-defined, no-any-return]


def _used_elsewhere(name: str, place: Place) -> Kept:
    return Kept("NF250", name=name, file=place.file, other=place.line, text=place.text)
