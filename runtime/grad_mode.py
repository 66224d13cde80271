"""Whether operations are recorded for backward: no_grad, enable_grad, set_grad_enabled, inference_mode."""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable, Generator
from typing import Any, TypeVar, cast

C = TypeVar("C", bound=Callable[..., Any])


class _Mode(threading.local):
    grad = True
    inference = False


_mode = _Mode()


def is_grad_enabled() -> bool:
    """Whether operations are being recorded in this thread."""
    return _mode.grad


def is_inference_mode_enabled() -> bool:
    """Whether this thread is inside `inference_mode()`."""
    return _mode.inference


class _GradMode:
    """Context manager and decorator in one; a decorated generator is paused with the mode of its caller."""

    def __init__(self, grad: bool, inference: bool | None = None) -> None:
        self._wanted = grad, inference
        self._before: list[tuple[bool, bool]] = []

    def __enter__(self) -> None:
        self._before.append((_mode.grad, _mode.inference))
        grad, inference = self._wanted
        _mode.grad = grad
        if inference is not None:
            _mode.inference = inference

    def __exit__(self, *error: object) -> None:
        _mode.grad, _mode.inference = self._before.pop()

    def clone(self) -> _GradMode:
        """A fresh one of the same kind: a decorated function may be re-entered."""
        return _GradMode(*self._wanted)

    def __call__(self, function: C) -> C:
        return cast(C, _decorated(self, function))


def _decorated(mode: _GradMode, function: Any) -> Any:
    if inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def steps(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
            inner = function(*args, **kwargs)
            try:
                with mode.clone():
                    item = next(inner)
                while True:
                    try:
                        sent = yield item
                    except BaseException as error:
                        with mode.clone():
                            item = inner.throw(error)
                    else:
                        with mode.clone():
                            item = inner.send(sent)
            except StopIteration as stop:
                return stop.value

        return steps

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        with mode.clone():
            return function(*args, **kwargs)

    return wrapped


class no_grad(_GradMode):
    """Inside, nothing is recorded: results do not require grad. Also `@no_grad()` and `@no_grad`."""

    def __new__(cls, function: Any = None) -> Any:
        return super().__new__(cls) if function is None else _decorated(_GradMode(False), function)

    def __init__(self) -> None:
        super().__init__(False)


class enable_grad(_GradMode):
    """Inside, recording is on again. Also `@enable_grad()` and `@enable_grad`."""

    def __new__(cls, function: Any = None) -> Any:
        return super().__new__(cls) if function is None else _decorated(_GradMode(True), function)

    def __init__(self) -> None:
        super().__init__(True)


class inference_mode(_GradMode):
    """Like no_grad here; tensors made inside are not marked as inference tensors."""

    def __new__(cls, mode: Any = True) -> Any:
        return _decorated(_GradMode(False, True), mode) if callable(mode) else super().__new__(cls)

    def __init__(self, mode: bool = True) -> None:
        super().__init__(not mode and _mode.grad, mode)


class set_grad_enabled(_GradMode):
    """Sets the mode at once; as a context manager it puts the old one back."""

    def __init__(self, mode: bool) -> None:
        super().__init__(bool(mode))
        self._before.append((_mode.grad, _mode.inference))
        _mode.grad = bool(mode)

    def __enter__(self) -> None:
        _mode.grad = self._wanted[0]

    def __call__(self, function: C) -> C:
        _mode.grad = self._before.pop()[0]  # used as a decorator: only the calls are meant
        return cast(C, _decorated(_GradMode(self._wanted[0]), function))
