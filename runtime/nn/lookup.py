"""Members by dotted path: get_submodule, set_submodule, get_parameter, get_buffer."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from .members import Members
from .parameter import Parameter


class Lookup(Members):
    """The part of nn.Module that finds members by a path such as `layers.0.weight`."""

    def get_submodule(self, target: str) -> Any:
        """The module at `target`; the empty path is this module. AttributeError if the path leads elsewhere."""
        if target == "":
            return self
        module: Any = self
        for item in target.split("."):
            module = _member(module, item)
            if not isinstance(module, Members):
                raise AttributeError(f"`{item}` is not an nn.Module")
        return module

    def set_submodule(self, target: str, module: Any, strict: bool = False) -> None:
        """Put `module` at `target`; with `strict`, only where a module stands already."""
        if target == "":
            raise ValueError("Cannot set the submodule without a target name!")
        *path, name = target.split(".")
        if not isinstance(module, Members):
            raise ValueError(f"`module` is not an nn.Module, found {type(module)}")
        parent: Any = self if not path else self.get_submodule(".".join(path))
        if strict and not hasattr(parent, name):
            raise AttributeError(f"{parent._get_name()} has no attribute `{name}`")
        if hasattr(parent, name) and not isinstance(getattr(parent, name), Members):
            raise AttributeError(f"`{name}` is not an nn.Module")
        setattr(parent, name, module)

    def get_parameter(self, target: str) -> Parameter:
        """The parameter at `target`."""
        param = self._find(target)
        if not isinstance(param, Parameter):
            raise AttributeError(f"`{target.rpartition('.')[2]}` is not an nn.Parameter")
        return param

    def get_buffer(self, target: str) -> Tensor:
        """The buffer at `target`."""
        path, _, name = target.rpartition(".")
        buffer = self._find(target)
        if name not in self.get_submodule(path)._buffers:
            raise AttributeError(f"`{name}` is not a buffer")
        return buffer  # type: ignore[no-any-return]

    def _find(self, target: str) -> Any:
        path, _, name = target.rpartition(".")
        return _member(self.get_submodule(path), name)


def _member(module: Any, name: str) -> Any:
    if not hasattr(module, name):
        raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
    return getattr(module, name)
