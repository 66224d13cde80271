"""Hooks of a module: before and after forward, and around its backward.

A call without hooks costs one test. Backward hooks watch the gradients at the outputs and inputs (backward_watch.py).
"""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from ..handles import RemovableHandle
from .backward_watch import BackwardWatch


class HookedCall:
    """The part of nn.Module that is called: forward, with whatever was hung around it."""

    _backward_pre_hooks: OrderedDict[int, Any]
    _backward_hooks: OrderedDict[int, Any]
    _is_full_backward_hook: bool | None
    _forward_hooks: OrderedDict[int, Any]
    _forward_hooks_with_kwargs: OrderedDict[int, bool]
    _forward_hooks_always_called: OrderedDict[int, bool]
    _forward_pre_hooks: OrderedDict[int, Any]
    _forward_pre_hooks_with_kwargs: OrderedDict[int, bool]
    forward: Callable[..., Any]

    def _call_impl(self, *args: Any, **kwargs: Any) -> Any:
        if not (self._forward_hooks or self._forward_pre_hooks or self._backward_hooks or self._backward_pre_hooks):
            return self.forward(*args, **kwargs)
        done: set[int] = set()
        try:
            return self._hooked_forward(args, kwargs, done)
        except Exception:
            self._run_always_called(args, kwargs, done)
            raise

    __call__: Callable[..., Any] = _call_impl

    def _hooked_forward(self, args: tuple[Any, ...], kwargs: dict[str, Any], done: set[int]) -> Any:
        for id, hook in tuple(self._forward_pre_hooks.items()):
            if id in self._forward_pre_hooks_with_kwargs:
                args, kwargs = _with_kwargs(hook(self, args, kwargs), args, kwargs)
            else:
                changed = hook(self, args)
                if changed is not None:
                    args = changed if isinstance(changed, tuple) else (changed,)
        watch = self._backward_watch()
        if watch is not None:
            args = watch.around_inputs(args)
        result = self.forward(*args, **kwargs)
        for id, hook in tuple(self._forward_hooks.items()):
            done.add(id)
            with_kwargs = id in self._forward_hooks_with_kwargs
            changed = hook(self, args, kwargs, result) if with_kwargs else hook(self, args, result)
            result = result if changed is None else changed
        return result if watch is None else watch.around_outputs(result)

    def _backward_watch(self) -> BackwardWatch | None:
        if not (self._backward_hooks or self._backward_pre_hooks):
            return None
        return BackwardWatch(self, list(self._backward_hooks.values()), list(self._backward_pre_hooks.values()))

    def _run_always_called(self, args: tuple[Any, ...], kwargs: dict[str, Any], done: set[int]) -> None:
        """forward raised: hooks registered with always_call still run, their own errors only warned about."""
        for id, hook in tuple(self._forward_hooks.items()):
            if id not in self._forward_hooks_always_called or id in done:
                continue
            try:
                if id in self._forward_hooks_with_kwargs:
                    hook(self, args, kwargs, None)
                else:
                    hook(self, args, None)
            except Exception as error:
                warnings.warn(
                    "module forward hook with ``always_call=True`` raised an exception that was silenced as another "
                    f"error was raised in forward: {error}",
                    stacklevel=2,
                )

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call hook(module, args) before forward; what it returns replaces the arguments."""
        flags = (self._forward_pre_hooks_with_kwargs,) if with_kwargs else ()
        return RemovableHandle.add(self._forward_pre_hooks, hook, prepend=prepend, flags=flags)

    def register_forward_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False, always_call: bool = False
    ) -> RemovableHandle:
        """Call hook(module, args, output) after forward; what it returns replaces the output."""
        flags: tuple[Any, ...] = (self._forward_hooks_with_kwargs,) if with_kwargs else ()
        flags += (self._forward_hooks_always_called,) if always_call else ()
        return RemovableHandle.add(self._forward_hooks, hook, prepend=prepend, flags=flags)

    def register_full_backward_pre_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call hook(module, grad_output) before the module's backward; what it returns replaces grad_output."""
        return RemovableHandle.add(self._backward_pre_hooks, hook, prepend=prepend)

    def register_full_backward_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call hook(module, grad_input, grad_output) after the module's backward; it may replace grad_input."""
        if self._is_full_backward_hook is False:
            raise RuntimeError(
                "Cannot use both regular backward hooks and full backward hooks on a single Module. Please use only "
                "one of them."
            )
        self._is_full_backward_hook = True
        return RemovableHandle.add(self._backward_hooks, hook, prepend=prepend)

    def register_backward_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Refused: what the old kind of hook sees depends on torch's inner graph."""
        if self._is_full_backward_hook is True:
            raise RuntimeError(
                "Cannot use both regular backward hooks and full backward hooks on a single Module. Please use only "
                "one of them."
            )
        raise NotImplementedError(
            "torch.nn.Module.register_backward_hook shows gradients of torch's inner graph, which this runtime does "
            "not have; register_full_backward_hook is there"
        )


def _with_kwargs(changed: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if changed is None:
        return args, kwargs
    if isinstance(changed, tuple) and len(changed) == 2:
        return changed
    raise RuntimeError(f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {changed}.")
