"""Classes of torch that are here by name only: files that import them, derive from them or ask isinstance run."""

from __future__ import annotations

from typing import Any

from .missing import MissingUse


def unusable(api: str) -> type:
    """A class of that name that nothing is an instance of; MissingUse where one is made."""

    def refuse(cls: type, *args: Any, **options: Any) -> Any:
        raise MissingUse(api)

    package, _, name = api.rpartition(".")
    return type(name, (), {"__new__": refuse, "__module__": package, "__doc__": "A name; MissingUse when made."})
