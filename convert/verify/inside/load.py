"""Runs a user's file as a module, and says which model classes it defines and where it failed."""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

_MODULE = "nnflip_model"


@dataclass(frozen=True)
class Loaded:
    """A file that was run: its module and its model classes in order of definition."""

    module: types.ModuleType
    path: str
    models: dict[str, type[Any]]
    text: str = ""


class Failure(Exception):
    """The user's code raised; `body` says what, where in their file, and during what."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__(body["message"])
        self.body = body


def load(text: str, path: str, torch: Any) -> Loaded:
    """Executes `text` with `__name__` that is not `__main__`; modules beside the file can be imported by it."""
    folder = str(PurePath(path).parent)
    sys.path.append(folder)
    package = types.ModuleType(_MODULE)
    package.__path__ = [folder]
    sys.modules[_MODULE] = package
    name = f"{_MODULE}.{PurePath(path).stem}"
    module = types.ModuleType(name)
    module.__file__, module.__package__ = path, _MODULE
    sys.modules[name] = module
    try:
        exec(compile(text, path, "exec", dont_inherit=True), module.__dict__)
    except BaseException as error:
        raise Failure(described(error, path, "import")) from None
    return Loaded(module, path, _models(module, torch), text)


def _models(module: types.ModuleType, torch: Any) -> dict[str, type[Any]]:
    """Module subclasses that the file itself defines and that have a forward."""
    base = torch.nn.Module
    found: dict[str, Any] = {
        name: value
        for name, value in list(vars(module).items())
        if isinstance(value, type)
        and issubclass(value, base)
        and value.__module__ == module.__name__
        and value.__name__ == name
    }
    return {name: value for name, value in found.items() if value.forward is not base.forward}


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
