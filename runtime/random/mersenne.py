"""The word stream below every draw: MT19937 as torch's CPU generator runs it, buffered, with torch's state layout."""

from __future__ import annotations

import numpy as np

from ..array import Array

BLOCK = 624
"""Words in the state of MT19937; one step of the generator renews them all."""

LAYOUT = np.dtype(
    {
        "names": ["seed", "left", "seeded", "next", "words", "cached", "is_cached"],
        "formats": ["<u8", "<i4", "<i4", "<u8", ("<u8", BLOCK), "<f8", "<i4"],
        "offsets": [0, 8, 12, 16, 24, 24 + 8 * BLOCK + 8, 24 + 8 * BLOCK + 24],
        "itemsize": 5056,
    }
)
"""The bytes of `torch.get_rng_state()`; what lies between the fields is zero."""


class Mersenne:
    """Words of 32 bits, taken from numpy's MT19937 in whole blocks.

    numpy's own position therefore always stands at the end of a block, its key is the block that the buffer holds the
    rest of, and the state can be read or set between any two words.
    """

    def __init__(self, seed: int) -> None:
        self._bits = np.random.MT19937(0)
        self._legacy = np.random.RandomState(self._bits)  # its seed() is the classic 32-bit seeding
        self.cached: float | None = None  # the second of two normal numbers, waiting for the next small draw
        self.reseed(seed)

    def reseed(self, seed: int) -> None:
        """Starts over from the low 32 bits of `seed`; the cached normal number is forgotten."""
        self.seeded_by = seed
        self._legacy.seed(seed & 0xFFFFFFFF)
        self._fresh = True  # torch's state tells "seeded, nothing drawn" from "a block used up"
        self._rest: Array = np.empty(0, np.uint32)
        self._at = 0
        self.cached = None

    def words(self, n: int) -> Array:
        """The next n words, uint32; read-only use, since it may be a view of the buffer."""
        end = self._at + n
        if end <= len(self._rest):
            taken = self._rest[self._at : end]
            self._at = end
            return taken
        if n == 0:
            return np.empty(0, np.uint32)
        kept = self._rest[self._at :]
        blocks = -(-(n - len(kept)) // BLOCK)
        drawn = self._bits.random_raw(blocks * BLOCK).astype(np.uint32)
        self._fresh = False
        at = n - len(kept)
        self._rest = drawn[-BLOCK:].copy() if blocks > 1 else drawn  # lets go of a large draw
        self._at = at - (blocks - 1) * BLOCK
        return drawn[:at] if not len(kept) else np.concatenate((kept, drawn[:at]))

    def words64(self, n: int) -> Array:
        """The next n pairs of words, the first of each pair on top, uint64."""
        pairs = self.words(2 * n).astype(np.uint64)
        return (pairs[::2] << np.uint64(32)) | pairs[1::2]

    def u32(self, n: int) -> Array:
        """n numbers of [0, 1) with 24 bits from one word each, float32."""
        return (self.words(n) & np.uint32(0xFFFFFF)).astype(np.float32) * np.float32(2.0**-24)

    def u64(self, n: int) -> Array:
        """n numbers of [0, 1) with 53 bits from two words each, float64."""
        return (self.words64(n) & np.uint64(2**53 - 1)).astype(np.float64) * 2.0**-53

    def copy(self) -> Mersenne:
        """A stream that goes on from here by itself."""
        twin = Mersenne(0)
        twin.unpack(self.pack())
        return twin

    def pack(self) -> Array:
        """The state as torch lays it out: 5056 bytes."""
        state = np.zeros((), LAYOUT)
        used = 0 if self._fresh else BLOCK - len(self._rest) + self._at
        state["seed"] = self.seeded_by
        state["left"] = 1 if self._fresh else BLOCK + 1 - used
        state["seeded"] = 1
        state["next"] = used
        state["words"] = self._bits.state["state"]["key"]
        if self.cached is not None:
            state["cached"], state["is_cached"] = self.cached, 1
        return np.frombuffer(state.tobytes(), np.uint8).copy()

    def unpack(self, packed: Array) -> None:
        """Goes to a state that `pack`, or torch, gave; RuntimeError for anything else."""
        if packed.size != LAYOUT.itemsize:
            raise RuntimeError(
                f"Expected a CPUGeneratorImplState of size {LAYOUT.itemsize} "
                f"but found the input RNG state size to be {packed.size}"
            )
        state = np.frombuffer(packed.tobytes(), LAYOUT)[0]
        left, used = int(state["left"]), int(state["next"])
        if state["seeded"] != 1 or not 0 < left <= BLOCK or used > BLOCK:
            raise RuntimeError("Invalid mt19937 state")
        self._fresh = used == 0 and left == 1
        at = BLOCK if self._fresh else used
        key = state["words"].astype(np.uint32)
        self._bits.state = {"bit_generator": "MT19937", "state": {"key": key, "pos": at}}
        self._rest, self._at = self._bits.random_raw(BLOCK - at).astype(np.uint32), 0
        self.seeded_by = int(state["seed"])
        self.cached = float(state["cached"]) if state["is_cached"] else None
