"""One stream: the state can be read, set and handed to torch between any two draws, whatever was drawn."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnflip.runtime as ours
from nnflip.runtime.random.mersenne import BLOCK, Mersenne

sizes = st.sampled_from([0, 1, 2, 3, 7, 15, 16, 17, 40, 623, 624, 625, 1300])
floats = st.sampled_from(["float32", "float64"])
shares = st.floats(0.01, 0.99)

DRAWS = st.one_of(
    st.tuples(st.just("rand"), sizes, floats),
    st.tuples(st.just("randn"), sizes, floats),
    st.tuples(st.just("randperm"), sizes),
    st.tuples(st.just("randint"), sizes, st.integers(1, 2**40)),
    st.tuples(st.just("uniform_"), sizes, floats, st.floats(-9, 0), st.floats(1, 9)),
    st.tuples(st.just("normal_"), sizes, floats, st.floats(-9, 9), st.floats(0, 9)),
    st.tuples(st.just("transposed normal_"), sizes, floats, st.floats(-9, 9), st.floats(0, 9)),
    st.tuples(st.just("bernoulli_"), sizes, floats, shares),
    st.tuples(st.just("exponential_"), sizes, floats, st.floats(0.1, 9)),
    st.tuples(st.just("geometric_"), sizes, floats, shares),
    st.tuples(st.just("log_normal_"), sizes, floats, st.floats(-3, 3), st.floats(0.1, 3)),
    st.tuples(st.just("cauchy_"), sizes, floats, st.floats(-3, 3), st.floats(0.1, 3)),
    st.tuples(st.just("random_"), sizes, floats),
    st.tuples(st.just("multinomial"), st.integers(1, 30), st.booleans()),
    st.tuples(st.just("poisson"), sizes, st.floats(0, 50)),
    st.tuples(st.just("dropout"), sizes, shares),
    st.tuples(st.just("state")),
)


def perform(t: Any, draw: tuple[Any, ...]) -> Any:
    match draw:
        case ("rand" | "randn" as name, size, dtype):
            return getattr(t, name)(size, dtype=getattr(t, dtype))
        case ("randperm", size):
            return t.randperm(size)
        case ("randint", size, high):
            return t.randint(high, (size,))
        case ("transposed normal_", size, dtype, mean, std):
            return t.zeros(size, 3, dtype=getattr(t, dtype)).t().normal_(mean, std)
        case ("multinomial", size, replacement):
            return t.multinomial(t.ones(size), max(size // 2, 1), replacement)
        case ("poisson", size, rate):
            return t.poisson(t.full((size,), rate, dtype=t.float64))
        case ("dropout", size, p):
            return t.nn.functional.dropout(t.ones(size), p)
        case ("state",):
            t.set_rng_state(t.get_rng_state())
            return t.get_rng_state()
        case (name, size, dtype, *rest):
            return getattr(t.zeros(size, dtype=getattr(t, dtype)), name)(*rest)
    raise AssertionError(draw)


@pytest.mark.torch
@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**64 - 1), st.lists(DRAWS, max_size=12))
def test_any_mixture_of_draws_is_that_of_torch(seed: int, draws: list[tuple[Any, ...]]) -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(seed), ours.manual_seed(seed)
    for draw in draws:
        theirs, mine = perform(torch, draw), perform(ours, draw)
        assert mine.numpy().tobytes() == theirs.numpy().tobytes(), draw
    assert ours.get_rng_state().numpy().tobytes() == torch.get_rng_state().numpy().tobytes()


@pytest.mark.torch
@given(st.integers(0, 1300), st.booleans())
def test_a_state_goes_from_torch_to_here_and_back(words: int, cached: bool) -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(words)
    torch.randn(3 if cached else 0), torch.rand(words)
    ours.set_rng_state(ours.tensor(torch.get_rng_state().tolist(), dtype=ours.uint8))
    assert ours.randn(3).tolist() == torch.randn(3).tolist()
    torch.set_rng_state(torch.tensor(ours.get_rng_state().tolist(), dtype=torch.uint8))
    assert ours.rand(9).tolist() == torch.rand(9).tolist()


@given(st.lists(st.integers(0, 2 * BLOCK + 3), max_size=8), st.integers(0, 7))
def test_words_do_not_depend_on_how_they_are_asked_for(counts: list[int], saved_at: int) -> None:
    stream, expected = Mersenne(5), Mersenne(5).words(sum(counts))
    taken = []
    for index, count in enumerate(counts):
        if index == saved_at:
            state = stream.pack()
            stream.words(17)
            stream.unpack(state)
        taken.append(stream.words(count).copy())
    assert np.array_equal(np.concatenate([np.empty(0, np.uint32), *taken]), expected)


def test_the_classic_seeding_is_used() -> None:
    assert Mersenne(5489).words(1)[0] == 3499211612  # the first number of the reference implementation


def test_seeds_wrap_and_are_remembered() -> None:
    assert ours.manual_seed(-1).initial_seed() == 2**64 - 1
    assert ours.manual_seed(3.7).initial_seed() == 3
    assert ours.initial_seed() == 3
    assert ours.seed() == ours.initial_seed()


@pytest.mark.parametrize("seed", [2**64, -(2**63) - 1])
def test_seeds_beyond_64_bits_are_refused(seed: int) -> None:
    with pytest.raises(ValueError, match="Overflow when unpacking long long"):
        ours.manual_seed(seed)


def test_a_generator_refuses_what_is_no_int() -> None:
    with pytest.raises(RuntimeError, match="manual_seed expected a long, but got float"):
        ours.Generator().manual_seed(3.0)


def test_a_generator_has_its_own_stream() -> None:
    ours.manual_seed(1)
    before = ours.get_rng_state().tolist()
    generator = ours.Generator().manual_seed(9)
    first = ours.rand(4, generator=generator).tolist()
    ours.zeros(4).normal_(generator=generator)
    assert ours.get_rng_state().tolist() == before
    assert ours.rand(4, generator=ours.Generator().manual_seed(9)).tolist() == first
    assert str(generator.device) == "cpu"
    assert ours.Generator().initial_seed() == 67280421310721


@pytest.mark.parametrize(
    "duplicate", [lambda g: g.clone_state(), copy.deepcopy, lambda g: pickle.loads(pickle.dumps(g))]
)
def test_a_copied_generator_goes_on_alone(duplicate: Any) -> None:
    generator = ours.Generator().manual_seed(4)
    ours.randn(3, generator=generator)
    twin = duplicate(generator)
    assert ours.randn(5, generator=twin).tolist() == ours.randn(5, generator=generator).tolist()


def test_fork_rng_puts_the_stream_back() -> None:
    ours.manual_seed(3)
    with ours.random.fork_rng():
        inside = ours.rand(3).tolist()
    assert ours.rand(3).tolist() == inside
    with ours.random.fork_rng(enabled=False):
        ours.rand(3)
    assert ours.rand(3).tolist() != inside


@pytest.mark.parametrize(
    ("state", "error", "message"),
    [
        (lambda: ours.zeros(3, dtype=ours.uint8), RuntimeError, "size 5056 but found the input RNG state size to be 3"),
        (lambda: ours.zeros(5056, dtype=ours.uint8), RuntimeError, "Invalid mt19937 state"),
        (lambda: ours.zeros(5056), TypeError, "RNG state must be a torch.ByteTensor"),
        (lambda: 3, TypeError, "expected a torch.ByteTensor, but got int"),
    ],
    ids=["too small", "not seeded", "not bytes", "no tensor"],
)
def test_what_is_no_state_is_refused(state: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        ours.set_rng_state(state())
