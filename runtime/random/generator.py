"""`torch.Generator`: one stream of random words, with torch's methods; `default_generator` is the one draws use."""

from __future__ import annotations

import os
from typing import Any, NoReturn

import numpy as np

from ..array import Array
from ..device import device
from ..tensor import Tensor, wrap
from .mersenne import Mersenne

_START = 67280421310721
"""The seed of a generator that was given none."""


class Generator:
    """A stream of its own for draws with `generator=`. `stream` is what the draws of this package take words from."""

    def __init__(self, device: Any = "cpu") -> None:
        self.device = _cpu(device)
        self.stream = Mersenne(_START)

    def manual_seed(self, seed: int) -> Generator:
        """Starts over from `seed`; a negative one counts from 2⁶⁴. Only the low 32 bits tell the numbers drawn."""
        if isinstance(seed, (bool, np.bool_)) or not isinstance(seed, (int, np.integer)):
            raise RuntimeError(f"manual_seed expected a long, but got {type(seed).__name__}")
        if not -(1 << 63) <= int(seed) < 1 << 64:
            raise ValueError("Overflow when unpacking long long")
        self.stream.reseed(int(seed) % (1 << 64))
        return self

    def seed(self) -> int:
        """Starts over from a seed of the operating system, and returns it."""
        chosen = int.from_bytes(os.urandom(8), "little")
        self.stream.reseed(chosen)
        return chosen

    def initial_seed(self) -> int:
        """The seed it last started from."""
        return self.stream.seeded_by

    def get_state(self) -> Tensor:
        """The state as torch lays it out: a uint8 tensor of 5056 bytes."""
        return wrap(self.stream.pack())

    def set_state(self, new_state: Tensor) -> None:
        """Goes back to a state; TypeError unless it is a uint8 tensor, RuntimeError unless it is a state."""
        if not isinstance(new_state, Tensor):
            raise TypeError(f"expected a torch.ByteTensor, but got {type(new_state).__name__}")
        if new_state.array.dtype != np.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        self.stream.unpack(new_state.array)

    def clone_state(self) -> Generator:
        """A generator that goes on from here by itself."""
        twin = Generator()
        twin.stream = self.stream.copy()
        return twin

    def graphsafe_get_state(self) -> NoReturn:
        """Not for CPU generators, in torch either."""
        raise NotImplementedError("graphsafe_get_state is not supported in this Generator")

    def graphsafe_set_state(self, state: Any) -> NoReturn:
        """Not for CPU generators, in torch either."""
        raise NotImplementedError("graphsafe_set_state is not supported in this Generator")

    def get_offset(self) -> NoReturn:
        """Not for CPU generators, in torch either."""
        raise RuntimeError("CPU Generator does not use offset")

    def set_offset(self, offset: int) -> NoReturn:
        """Not for CPU generators, in torch either."""
        raise RuntimeError("CPU Generator does not use offset")

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.stream.pack(),)


def _restored(state: Array) -> Generator:
    made = Generator()
    made.stream.unpack(state)
    return made


def _cpu(wanted: Any) -> device:
    where = device(wanted)
    if where.type != "cpu":
        raise RuntimeError(f"Device type {where.type.upper()} is not supported for torch.Generator() api.")
    return where


default_generator = Generator()
default_generator.seed()


def stream_of(generator: Generator | None) -> Mersenne:
    """Where a draw takes its words from: the default generator unless one is given."""
    if generator is None:
        return default_generator.stream
    if not isinstance(generator, Generator):
        raise TypeError(f"argument 'generator' must be torch.Generator, not {type(generator).__name__}")
    return generator.stream
