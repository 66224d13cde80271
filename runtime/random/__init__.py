"""`torch.random`, and all draws of this runtime: torch's CPU numbers, bit for bit."""

from __future__ import annotations

from .creation import rand, rand_like, randint, randint_like, randn, randn_like, randperm
from .generator import Generator, default_generator
from .sampling import bernoulli, multinomial, normal, poisson
from .seeding import (
    fork_rng,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
    thread_safe_generator,
)

__all__ = [
    "Generator",
    "bernoulli",
    "default_generator",
    "fork_rng",
    "get_rng_state",
    "initial_seed",
    "manual_seed",
    "multinomial",
    "normal",
    "poisson",
    "rand",
    "rand_like",
    "randint",
    "randint_like",
    "randn",
    "randn_like",
    "randperm",
    "seed",
    "set_rng_state",
    "thread_safe_generator",
]
