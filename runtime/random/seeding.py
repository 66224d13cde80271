"""`torch.random`: seeding, saving and forking the default generator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ..tensor import Tensor
from .generator import Generator, default_generator


def manual_seed(seed: Any) -> Generator:
    """Starts the default generator over from `int(seed)`, and returns it; ValueError beyond 64 bits."""
    return default_generator.manual_seed(int(seed))


def seed() -> int:
    """Starts the default generator over from a seed of the operating system, and returns that."""
    return default_generator.seed()


def initial_seed() -> int:
    """The seed the default generator last started from."""
    return default_generator.initial_seed()


def get_rng_state() -> Tensor:
    """The state of the default generator: a uint8 tensor of 5056 bytes, as torch writes it."""
    return default_generator.get_state()


def set_rng_state(new_state: Tensor) -> None:
    """Puts the default generator into a state that `get_rng_state`, here or in torch, gave."""
    default_generator.set_state(new_state)


@contextmanager
def fork_rng(
    devices: Iterable[Any] | None = None,
    enabled: bool = True,
    _caller: str = "fork_rng",
    _devices_kw: str = "devices",
    device_type: str | None = None,
) -> Iterator[None]:
    """Inside, draws go on as ever; afterwards the default generator is where it was before."""
    if not enabled or device_type == "meta":
        yield
        return
    state = get_rng_state()
    try:
        yield
    finally:
        set_rng_state(state)


def thread_safe_generator() -> Generator | None:
    """None: there are no worker threads with generators of their own here."""
    return None
