"""What is asked for and is not there: an error that names the torch API and the line of the user's file."""

from __future__ import annotations

import dis
import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

_HERE = str(Path(__file__).parent)
_IMPORT_FROM = dis.opmap["IMPORT_FROM"]
_ATTRIBUTE = ("LOAD_ATTR", "LOAD_METHOD")


class Missing:
    """A torch API that this runtime does not have: its dotted name, and where it was asked for."""

    api: str
    file: str
    line: int

    def _place(self, api: str) -> str:
        frame = _users_frame()
        self.api = api
        self.file, self.line = ("?", 0) if frame is None else (frame.f_code.co_filename, frame.f_lineno)
        return f"{api} is not in this runtime (asked for at {self.file}:{self.line})"


class MissingName(Missing, NotImplementedError, AttributeError):
    """`torch.fft.rfft` asked for as an attribute: an AttributeError too, so that hasattr and getattr work."""

    def __init__(self, api: str) -> None:
        super().__init__(self._place(api + _read_on(_users_frame())))
        self.name = api.rpartition(".")[2]


class MissingImport(Missing, NotImplementedError, ModuleNotFoundError):
    """`import torch.fft` or `from torch import vmap`: an ImportError too, so that `except ImportError` works."""

    def __init__(self, api: str) -> None:
        super().__init__(self._place(api))
        self.name = api


class MissingUse(Missing, NotImplementedError):
    """What is there as a name, so that files can be imported, and cannot be used: `torch.hub.load(...)`."""

    def __init__(self, api: str) -> None:
        super().__init__(self._place(api))


def refusing(package: str) -> Callable[[str], Any]:
    """A module's `__getattr__`: `__getattr__ = refusing("torch.nn")`."""

    def __getattr__(name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        if _is_from_import(sys._getframe(1)):
            raise MissingImport(f"{package}.{name}")  # Python would turn an AttributeError into a bare ImportError
        raise MissingName(f"{package}.{name}")

    return __getattr__


def _is_from_import(frame: FrameType) -> bool:
    return frame.f_lasti >= 0 and frame.f_code.co_code[frame.f_lasti] == _IMPORT_FROM


def _read_on(frame: FrameType | None) -> str:
    """The attributes that the user's expression asks for next: '.rfft' while it is at `torch.fft`."""
    if frame is None:
        return ""
    steps = [step for step in dis.get_instructions(frame.f_code) if step.offset >= frame.f_lasti]
    if not steps or steps[0].opname not in _ATTRIBUTE:
        return ""
    following = itertools.takewhile(lambda step: step.opname in _ATTRIBUTE, steps[1:])
    return "".join(f".{step.argval}" for step in following)


def _users_frame() -> FrameType | None:
    """The innermost frame that belongs neither to the runtime nor to Python's import machinery."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith((_HERE, "<frozen importlib")):
            return frame
        frame = frame.f_back
    return None
