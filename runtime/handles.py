"""The handle that a registration returns: it takes the hook out again."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from itertools import count
from typing import Any

_ids = count()


class RemovableHandle:
    """What a registration returns: remove() takes the hook out again; also a context manager."""

    def __init__(self, hooks_dict: Any, *, extra_dict: Any = None) -> None:
        extra = () if extra_dict is None else extra_dict if isinstance(extra_dict, (list, tuple)) else (extra_dict,)
        self.id = next(_ids)
        self.hooks_dict_ref = weakref.ref(hooks_dict)
        self.extra_dict_ref = tuple(weakref.ref(d) for d in extra)

    @classmethod
    def add(cls, hooks: Any, hook: Any, *, prepend: bool = False, flags: tuple[Any, ...] = ()) -> RemovableHandle:
        """Put `hook` last in `hooks` (first, if `prepend`), and its id into every dict of `flags`."""
        handle = cls(hooks, extra_dict=flags)
        hooks[handle.id] = hook
        for flag in flags:
            flag[handle.id] = True
        if prepend:
            hooks.move_to_end(handle.id, last=False)
        return handle

    def remove(self) -> None:
        """Take the hook out; a second call does nothing."""
        for ref in (self.hooks_dict_ref, *self.extra_dict_ref):
            hooks = ref()
            if hooks is not None:
                hooks.pop(self.id, None)

    def __getstate__(self) -> Any:
        extra = tuple(ref() for ref in self.extra_dict_ref)
        return (self.hooks_dict_ref(), self.id, extra)

    def __setstate__(self, state: Any) -> None:
        hooks, self.id, extra = state
        self.hooks_dict_ref = weakref.ref(OrderedDict() if hooks is None else hooks)
        self.extra_dict_ref = tuple(weakref.ref(OrderedDict() if d is None else d) for d in extra)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.remove()
