"""Modules that are not installed: a file that imports them loads all the same, and stops where a model uses them.

Most files import more than their models need: `import torchvision`, `from matplotlib import pyplot`. Nothing is
pretended: what is called, asked or counted once the file is loaded raises the ModuleNotFoundError of its import.
"""

from __future__ import annotations

import ast
import linecache
import os
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.machinery import ModuleSpec
from typing import Any

_CATCHES = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


class Absence:
    """What a file asked of absent modules while it was loaded: `left_out` is what was decorated, and by which name."""

    def __init__(self, base: type[Any], folders: tuple[str, ...]) -> None:
        self.loading = False
        self.left_out: list[tuple[Any, str]] = []
        self.base = base
        self._folders = tuple(os.path.join(folder, "") for folder in folders)
        self._asking = False
        self._causes: dict[str, BaseException] = {}

    @contextmanager
    def while_loading(self) -> Iterator[None]:
        """In this context imports of what is not there succeed, where the file does not guard them itself."""
        self.loading = True
        sys.meta_path.insert(0, self)
        try:
            yield
        finally:
            self.loading = False
            sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not self]

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """What the other finders find; else a stand-in."""
        if self._asking:
            return None
        self._asking = True
        try:
            found = self._of_others(name, path, target)
        except ImportError as error:  # the look-alike of torch says what it lacks
            if not self._is_plainly_imported(sys._getframe(1)):
                raise
            self._causes[name] = error
            found = None
        finally:
            self._asking = False
        if found is None and self._is_plainly_imported(sys._getframe(1)) and not self._has_own_parent(name):
            return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]
        return found

    def _of_others(self, name: str, path: Any, target: Any) -> ModuleSpec | None:
        for finder in sys.meta_path:
            found = None if finder is self else finder.find_spec(name, path, target)
            if found is not None:
                return found
        return None

    def _has_own_parent(self, name: str) -> bool:
        """Whether the package is there and only a module of it is not: a mistake, unless the package says so."""
        parent = sys.modules.get(name.rpartition(".")[0])
        return parent is not None and not isinstance(parent, AbsentModule) and name not in self._causes

    def _is_plainly_imported(self, frame: types.FrameType | None) -> bool:
        """Whether an import statement of the user's own files asks, outside of any `try` that expects it to fail."""
        while frame is not None and frame.f_code.co_filename.startswith("<frozen importlib._bootstrap"):
            frame = frame.f_back
        if frame is None:
            return False
        file = frame.f_code.co_filename
        own = file.startswith(self._folders) and "site-packages" not in file
        return own and not _guarded(file, frame.f_lineno)

    def create_module(self, spec: ModuleSpec) -> AbsentModule:
        """The stand-in."""
        return AbsentModule(spec.name, self)

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing to run."""

    def stand_in(self, name: str, cause: BaseException) -> Absent:
        """For a name whose import raised `cause`."""
        self._causes[name] = cause
        return Absent(name, self)

    def used(self, name: str) -> BaseException:
        """The error for a use that needs the real thing."""
        for known, cause in self._causes.items():
            if f"{name}.".startswith(f"{known}."):
                return cause
        root = name.partition(".")[0]
        return ModuleNotFoundError(f"No module named {root!r}, which {name} is of", name=root)


class AbsentModule(types.ModuleType):
    """A module of which only the name is known."""

    def __init__(self, name: str, absence: Absence) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__dict__["_nnflip_absence"] = absence

    def __getattr__(self, name: str) -> Absent:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"{self.__name__}.{name}", self.__dict__["_nnflip_absence"])


class Absent:
    """Something of an absent module, by name: named, subscripted, called, inherited from while the file loads."""

    def __init__(self, name: str, absence: Absence) -> None:
        self.__dict__.update(_nnflip_name=name, _nnflip_absence=absence)

    def __getattr__(self, name: str) -> Absent:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._part(f".{name}")

    def _part(self, more: str) -> Absent:
        absence: Absence = self.__dict__["_nnflip_absence"]
        name: str = self.__dict__["_nnflip_name"]
        if not absence.loading:
            raise absence.used(name)
        return Absent(name + more, absence)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        result = self._part("()")
        if len(arguments) == 1 and not named and isinstance(arguments[0], (type, types.FunctionType)):
            self.__dict__["_nnflip_absence"].left_out.append((arguments[0], self.__dict__["_nnflip_name"]))
            return arguments[0]
        return result

    def __getitem__(self, key: Any) -> Absent:
        return self._part("[]")

    def __or__(self, other: Any) -> Absent:
        return self._part("")

    __ror__ = __or__

    def _refuse(self, *_: Any) -> Any:
        raise self.__dict__["_nnflip_absence"].used(self.__dict__["_nnflip_name"])

    __bool__ = __iter__ = __len__ = __enter__ = __exit__ = __int__ = __float__ = __index__ = __eq__ = __ne__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __mul__ = __contains__ = _refuse
    __hash__ = object.__hash__

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type[Any], ...]:
        """A class that cannot be instantiated; a model, so that whoever inherits from it is told of."""
        absence: Absence = self.__dict__["_nnflip_absence"]
        name: str = self.__dict__["_nnflip_name"]

        def refuse(cls: type[Any], *_: Any, **__: Any) -> Any:
            raise absence.used(name)

        others = any(isinstance(one, type) for one in bases)
        return (type(name.rpartition(".")[2], () if others else (absence.base,), {"__new__": refuse}),)


@cache
def _guarded(file: str, line: int) -> bool:
    """Whether the line lies in the body of a `try` that catches a failing import."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError, RecursionError):
        return True
    return any(
        node.body[0].lineno <= line <= (node.body[-1].end_lineno or 0) and any(map(_catches, node.handlers))
        for node in ast.walk(tree)
        if isinstance(node, ast.Try)
    )


def _catches(handler: ast.ExceptHandler) -> bool:
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(one is None or (isinstance(one, ast.Name) and one.id in _CATCHES) for one in named)
