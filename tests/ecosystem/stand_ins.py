"""Small working stand-ins for libraries that public files import and that are not installed: d2l, nested_dict."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any


def stand_in(name: str) -> dict[str, ModuleType]:
    """The modules, by name in sys.modules, that stand in for a library."""
    return {"nested_dict": _nested_dict, "d2l": _d2l}[name]()


def _nested_dict() -> dict[str, ModuleType]:
    module = ModuleType("nested_dict")
    module.nested_dict = NestedDict  # type: ignore[attr-defined]
    return {"nested_dict": module}


class NestedDict(dict[Any, Any]):
    """A dict whose missing entries are dicts of the same kind."""

    def __missing__(self, key: Any) -> NestedDict:
        self[key] = value = NestedDict()
        return value

    def items_flat(self) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """((outer key, inner key, …), leaf) for every leaf."""
        for key, value in self.items():
            inner = value.items_flat() if isinstance(value, NestedDict) else [((), value)]
            yield from (((key, *rest), leaf) for rest, leaf in inner)


class HyperParameters:
    """Keeps the arguments of a constructor as attributes."""

    def save_hyperparameters(self, ignore: tuple[str, ...] = ()) -> None:
        """Set every argument of the calling `__init__` on self."""
        frame = inspect.currentframe()
        assert frame is not None
        assert frame.f_back is not None
        given: Mapping[str, Any] = frame.f_back.f_locals
        for name, value in given.items():
            if name not in {"self", "__class__", *ignore} and not name.startswith("_"):
                setattr(self, name, value)


def _add_to_class(cls: type) -> Callable[[Callable[..., Any]], None]:
    return lambda function: setattr(cls, function.__name__, function)


def _d2l_module() -> type:
    """The base of d2l's models, on the torch that is installed now."""
    nn = import_module("torch").nn

    class Module(nn.Module, HyperParameters):  # type: ignore[misc, name-defined]
        """The base of d2l's models: `forward` is `self.net`."""

        def __init__(self, **_: Any) -> None:
            super().__init__()

        def forward(self, X: Any) -> Any:
            """What `self.net` gives."""
            return self.net(X)

        def apply_init(self, inputs: Any, init: Callable[[Any], Any] | None = None) -> None:
            """Run once, for lazy layers, then initialise."""
            self.forward(*inputs)
            if init is not None:
                self.net.apply(init)  # type: ignore[operator,union-attr]

    return Module


def _d2l() -> dict[str, ModuleType]:
    library, torch_side = ModuleType("d2l"), ModuleType("d2l.torch")
    library.torch = torch_side  # type: ignore[attr-defined]
    tab = SimpleNamespace(selected=lambda *names: bool({"pytorch", "all"} & set(names)), interact_select=lambda _: None)
    module = _d2l_module()
    contents = {"Module": module, "Classifier": module, "HyperParameters": HyperParameters}
    vars(torch_side).update(contents, add_to_class=_add_to_class, tab=tab)
    return {"d2l": library, "d2l.torch": torch_side}
