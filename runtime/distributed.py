"""`torch.distributed` where there is none: one process, nothing to initialise."""

from __future__ import annotations

import enum
from typing import Any

from .missing import MissingUse, refusing


def is_available() -> bool:
    """False."""
    return False


def is_initialized() -> bool:
    """False."""
    return False


def is_torchelastic_launched() -> bool:
    """False."""
    return False


is_nccl_available = is_gloo_available = is_mpi_available = is_torchelastic_launched


class ReduceOp(enum.Enum):
    """What a reduction over processes may be."""

    SUM = 0
    AVG = 1
    PRODUCT = 2
    MIN = 3
    MAX = 4


class ProcessGroup:
    """A group of processes: there is none."""


class group:
    """Well-known groups: there are none."""

    WORLD: ProcessGroup | None = None


def _uninitialised(*args: Any, **options: Any) -> Any:
    """ValueError, as in torch before init_process_group."""
    raise ValueError("Default process group has not been initialized, please make sure to call init_process_group.")


get_rank = get_world_size = get_backend = barrier = broadcast = all_reduce = reduce = all_gather = gather = scatter = (
    _uninitialised
)
reduce_scatter = all_to_all = all_to_all_single = broadcast_object_list = all_gather_object = send = recv = isend = (
    _uninitialised
)
irecv = new_group = destroy_process_group = all_gather_into_tensor = reduce_scatter_tensor = monitored_barrier = (
    _uninitialised
)


def init_process_group(*args: Any, **options: Any) -> None:
    """MissingUse: models run in one process here."""
    raise MissingUse("torch.distributed.init_process_group")


__getattr__ = refusing("torch.distributed")
