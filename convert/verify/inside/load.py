"""Runs a user's file as a module, and says which model classes it defines and where it failed."""

from __future__ import annotations

import ast
import copy
import linecache
import sys
import types
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..confine import NotAllowed
from .absent import Absence
from .functions import models_of_functions
from .place import placed


@dataclass(frozen=True)
class Loaded:
    """A file that was run: its module and its model classes in order of definition.

    `left_out` are statements that raised and decorators of modules that are not installed, in words; `stopped` the
    errors of those statements.
    """

    module: types.ModuleType
    path: str
    models: dict[str, type[Any]]
    text: str = ""
    left_out: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()


class Failure(Exception):
    """The user's code raised; `body` says what, where in their file, and during what."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__(body["message"])
        self.body = body


def load(text: str, path: str, torch: Any, *, lenient: bool = False) -> Loaded:
    """Executes `text` with `__name__` that is not `__main__`; modules beside the file can be imported by it.

    `lenient` goes on after a statement of the file that raises, unless that is what it is for, and tells of it.
    """
    place = placed(path)
    module = types.ModuleType(place.module)
    module.__file__, module.__package__ = path, place.package
    sys.modules[place.module] = module
    linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
    absence = Absence(torch.nn.Module, place.folders)
    stopped: list[tuple[str, str]] = []
    try:
        with absence.while_loading():
            for part in _parts(text, path, lenient=lenient):
                if lenient and isinstance(part.body[-1], (ast.Import, ast.ImportFrom)):
                    _import_each(part.body[-1], module, path, absence)
                else:
                    _execute(part, module, path, stopped if lenient else None)
    except BaseException as error:
        raise Failure(described(error, path, "import")) from None
    left_out = [f"left out, since it raises {error}: {statement}" for error, statement in stopped]
    left_out += [
        f"@{name} of {one.__name__} is of a module that is not installed"
        for one, name in absence.left_out
        if one.__module__ == module.__name__
    ]
    return Loaded(module, path, _models(module, torch), text, tuple(left_out), tuple(error for error, _ in stopped))


def _parts(text: str, path: str, *, lenient: bool) -> Sequence[ast.Module]:
    """The whole file, or each of its statements alone."""
    tree = ast.parse(text, path)
    if not lenient:
        return [tree]
    future = [one for one in tree.body if isinstance(one, ast.ImportFrom) and one.module == "__future__"]
    return [ast.Module([*future, one], []) for one in tree.body if one not in future]


def _import_each(statement: ast.Import | ast.ImportFrom, module: types.ModuleType, path: str, absence: Absence) -> None:
    """Imports name by name; one that cannot be had is stood in for, and stops whoever uses it."""
    for alias in statement.names:
        one = copy.copy(statement)
        one.names = [alias]
        try:
            exec(compile(ast.Module([one], []), path, "exec", dont_inherit=True), module.__dict__)
        except Exception as error:
            whole = ".".join(filter(None, (getattr(statement, "module", ""), alias.name)))
            module.__dict__[alias.asname or alias.name.partition(".")[0]] = absence.stand_in(whole, error)


def _execute(part: ast.Module, module: types.ModuleType, path: str, stopped: list[tuple[str, str]] | None) -> None:
    """Runs a part; what raises is noted with its error, or raised where nothing notes it."""
    last = part.body[-1] if part.body else ast.Pass()
    try:
        exec(compile(part, path, "exec", dont_inherit=True), module.__dict__)
    except (Exception, SystemExit) as error:
        if stopped is None or not _is_of_its_surroundings(error, last):
            raise
        stopped.append((type(error).__name__, ast.unparse(last).partition("\n")[0]))


def _is_of_its_surroundings(error: BaseException, statement: ast.stmt) -> bool:
    """Whether a statement may have failed for want of data, options or libraries, and not by intent or by mischief."""
    if isinstance(error, SystemExit):  # `args = parser.parse_args()`
        return isinstance(statement, ast.Assign)
    mischief = isinstance(error, (NotAllowed, MemoryError, RecursionError))
    return not mischief and not isinstance(statement, (ast.Raise, ast.Assert))


def _models(module: types.ModuleType, torch: Any) -> dict[str, type[Any]]:
    """Module subclasses that the file itself defines and that have a forward, and models written as functions."""
    base = torch.nn.Module
    found: dict[str, Any] = {
        name: value
        for name, value in list(vars(module).items())
        if isinstance(value, type)
        and issubclass(value, base)
        and value.__module__ == module.__name__
        and value.__name__ == name
    }
    classes = {name: value for name, value in found.items() if value.forward is not base.forward}
    return {**classes, **models_of_functions(vars(module), torch)}  # a class may stay beside its functions


def described(error: BaseException, path: str, stage: str) -> dict[str, Any]:
    """What a user needs to find the place: class, message, and the deepest line in their own file."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename == path:
        line = error.lineno
    try:
        message = str(error)
    except BaseException:  # a user's own __str__
        message = "(its message cannot be shown)"
    return {
        "stage": stage,
        "type": type(error).__name__,
        "message": message[:2000],
        "line": line,
        "missing": _is_missing(error),
    }


def _is_missing(error: BaseException) -> bool:
    """Whether the look-alike refused for want of a name, told by its own exceptions."""
    return isinstance(error, NotImplementedError) and any(
        one.__module__.endswith("runtime.missing") for one in type(error).__mro__
    )


def line_in(path: str) -> int | None:
    """The line of the nearest calling frame that lies in the user's file."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == path:
            return frame.f_lineno
        frame = frame.f_back
    return None
