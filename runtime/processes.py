"""`torch.multiprocessing`: Python's own, under that name; tensors do not share memory between processes."""

from __future__ import annotations

import multiprocessing
from typing import Any

from .missing import MissingUse, refusing

Process, Queue, Event, Lock, Manager = (
    multiprocessing.Process, multiprocessing.Queue, multiprocessing.Event, multiprocessing.Lock,
    multiprocessing.Manager,
)  # fmt: skip
Pool, Value, Array, Pipe, Barrier = (
    multiprocessing.Pool, multiprocessing.Value, multiprocessing.Array, multiprocessing.Pipe, multiprocessing.Barrier,
)  # fmt: skip
cpu_count, current_process, get_context = (
    multiprocessing.cpu_count, multiprocessing.current_process, multiprocessing.get_context,
)  # fmt: skip
get_start_method, set_start_method = multiprocessing.get_start_method, multiprocessing.set_start_method


def get_all_sharing_strategies() -> set[str]:
    """What set_sharing_strategy takes."""
    return {"file_descriptor", "file_system"}


def get_sharing_strategy() -> str:
    """torch's usual one."""
    return "file_descriptor"


def set_sharing_strategy(new_strategy: str) -> None:
    """Nothing is shared."""


def spawn(fn: Any, args: Any = (), nprocs: int = 1, join: bool = True, **options: Any) -> Any:
    """MissingUse: models run in one process here."""
    raise MissingUse("torch.multiprocessing.spawn")


__getattr__ = refusing("torch.multiprocessing")
