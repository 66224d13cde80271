"""Loads a file of a public repository as a module object under real torch, as its manifest entry says."""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

from stand_ins import stand_in


class Stub(types.ModuleType):
    """Answers any import and any attribute with something that can be called and does nothing."""

    __path__: tuple[str, ...] = ()  # a package, whose modules are stubs too

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Stub(f"{self.__name__}.{name}")

    def __call__(self, *_: Any, **__: Any) -> Any:
        return Stub(self.__name__)


class StubFinder:
    """Finds a stub for every module inside a stubbed one: `import matplotlib.pylab`."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """A spec whose loader is this finder, for what lies inside."""
        inside = any(name.startswith(f"{outer}.") for outer in self.names)
        return ModuleSpec(name, self, is_package=True) if inside else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> Stub:
        """The stub."""
        return Stub(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run."""


def chosen_source(text: str, load: Mapping[str, Any]) -> str:
    """The part of a file that the manifest keeps: all of it, or imports and the named definitions."""
    wanted = load.get("extract_top_level")
    if not wanted:
        return text
    dropped = {*wanted.get("drop_imports", ())}
    names = {*wanted.get("defs", ()), *wanted.get("assigns", ())}
    lines = text.splitlines(keepends=True)
    kept: list[str] = []
    for node in ast.parse(text).body:
        if _is_kept(node, names, dropped):
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            kept += [*lines[first - 1 : node.end_lineno], "\n"]
    return "".join(kept)


def _is_kept(node: ast.stmt, names: set[str], dropped: set[str]) -> bool:
    match node:
        case ast.Import(names=aliases):
            return not any(alias.name.partition(".")[0] in dropped for alias in aliases)
        case ast.ImportFrom(module=module):
            return (module or "").partition(".")[0] not in dropped
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name in names
        case ast.Assign(targets=targets):
            return any(isinstance(t, ast.Name) and t.id in names for target in targets for t in ast.walk(target))
        case _:
            return False


@contextmanager
def loaded(text: str, path: Path, load: Mapping[str, Any]) -> Iterator[types.ModuleType]:
    """Execute the text as if it were the file; the modules it imported beside it are forgotten afterwards."""
    before, search = set(sys.modules), list(sys.path)
    sys.path.insert(0, str(path.parent))
    stubs = StubFinder(load.get("stub_modules_any", ()))
    sys.meta_path.insert(0, stubs)
    for name in stubs.names:
        sys.modules.setdefault(name, Stub(name))
    for name in load.get("stand_in_modules", ()):
        sys.modules.update(stand_in(name))
    package = ""
    for name, folder in load.get("bare_packages", {}).items():
        bare = types.ModuleType(name)
        bare.__path__ = [str(path.parents[len(Path(folder).parts) - 1])]
        sys.modules[name] = bare
        package = name
    name = f"{package}.{path.stem}" if package else f"ecosystem_{path.stem}"
    module = types.ModuleType(name)
    module.__file__ = str(path)
    module.__package__ = package or None
    sys.modules[name] = module
    try:
        import_module("torch").manual_seed(0)  # torch or what stands in for it; some build weights on import
        exec(load.get("define_before", ""), module.__dict__)
        exec(compile(text, str(path), "exec"), module.__dict__)
        yield module
    finally:
        sys.path[:] = search
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not stubs]
        for added in set(sys.modules) - before:
            if added.partition(".")[0] not in ("torch", "numpy"):
                del sys.modules[added]
