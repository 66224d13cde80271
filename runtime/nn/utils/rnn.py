"""Sequences of different lengths: padded, packed step by step, and the ways between."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from ...ops.join import cat
from ...ops.join import stack as _stack
from ...tensor import Tensor, wrap


class PackedSequence_(NamedTuple):
    """The four fields of a PackedSequence."""

    data: Any
    batch_sizes: Any
    sorted_indices: Any
    unsorted_indices: Any


class PackedSequence(PackedSequence_):
    """Rows of all sequences, step after step: data (P, *), batch_sizes (L); longest sequence first."""

    __slots__ = ()

    def __new__(
        cls, data: Any, batch_sizes: Any = None, sorted_indices: Any = None, unsorted_indices: Any = None
    ) -> PackedSequence:
        if batch_sizes is None:
            if not isinstance(data, (list, tuple)) or len(data) != 2:
                raise AssertionError("Expected data to be a list or tuple of length 2")
            data, batch_sizes = data
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def to(self, *args: Any, **kwargs: Any) -> PackedSequence:
        """The data converted; the rest stays."""
        return self._replace(data=self.data.to(*args, **kwargs))

    def float(self) -> PackedSequence:
        """The data as float32."""
        return self._replace(data=self.data.float())

    def double(self) -> PackedSequence:
        """The data as float64."""
        return self._replace(data=self.data.double())

    def cpu(self) -> PackedSequence:
        """Itself: everything is on the CPU."""
        return self

    def pin_memory(self) -> PackedSequence:
        """Itself."""
        return self

    @property
    def is_cuda(self) -> bool:
        """Never."""
        return False

    def is_pinned(self) -> bool:
        """Never."""
        return False


def invert_permutation(permutation: Any) -> Any:
    """The permutation that undoes this one; None for None."""
    return None if permutation is None else wrap(np.argsort(permutation.array).astype(np.int64))


def _sorted(lengths: Any, enforce_sorted: bool) -> tuple[Any, Any]:
    """(lengths, order of the sequences by decreasing length; None if they are said to be in order)."""
    values = np.asarray(lengths.array if isinstance(lengths, Tensor) else lengths, np.int64)
    if enforce_sorted:
        return values, None
    order = np.argsort(-values, kind="stable").astype(np.int64)
    return values[order], wrap(order)


def _check_lengths(values: Any, steps: int, batch: int) -> None:
    if len(values) != batch:
        raise RuntimeError(
            f"Expected `len(lengths)` to be equal to batch_size, but got {len(values)} (batch_size={batch})"
        )
    if (values <= 0).any():
        raise RuntimeError(
            "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"
        )
    if (np.diff(values) > 0).any():
        raise RuntimeError(
            "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass "
            "`enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you "
            "do not need ONNX exportability."
        )
    if values[0] > steps:
        raise RuntimeError(
            f"Expected `lengths` to be at most the length of the padded input, but got {values[0]} ({steps})"
        )


def pack_padded_sequence(
    input: Any, lengths: Any, batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    """Padded (L, N, *), or (N, L, *) if `batch_first`, without its padding.

    RuntimeError for lengths that are not positive, not as many as sequences, or not in decreasing order.
    """
    if batch_first:
        input = input.transpose(0, 1)
    values, order = _sorted(lengths, enforce_sorted)
    if order is not None:
        input = input.index_select(1, order)
    _check_lengths(values, input.size(0), input.size(1))
    sizes = [int((values > step).sum()) for step in range(int(values[0]))]
    data = cat([input[step, :size] for step, size in enumerate(sizes)])
    return PackedSequence(data, wrap(np.array(sizes, np.int64)), order, None)


def pad_packed_sequence(
    sequence: PackedSequence, batch_first: bool = False, padding_value: float = 0.0, total_length: int | None = None
) -> tuple[Any, Any]:
    """(padded (L, N, *), lengths), in the order from before packing."""
    data, batch_sizes, _, unsorted = sequence
    sizes = batch_sizes.array
    longest = len(sizes)
    if total_length is not None:
        if total_length < longest:
            raise ValueError(
                "Expected total_length to be at least the length of the longest sequence in input, but got "
                f"total_length={total_length} and max sequence length being {longest}"
            )
        longest = total_length
    batch = int(sizes[0])
    padded = data.new_full((longest, batch, *data.shape[1:]), padding_value)
    start = 0
    for step, size in enumerate(int(size) for size in sizes):
        padded[step, :size] = data[start : start + size]
        start += size
    lengths = wrap(np.array([(sizes > row).sum() for row in range(batch)], np.int64))
    if unsorted is not None:
        padded, lengths = padded.index_select(1, unsorted), wrap(lengths.array[unsorted.array])
    return (padded.transpose(0, 1) if batch_first else padded), lengths


def pad_sequence(
    sequences: Any, batch_first: bool = False, padding_value: float = 0.0, padding_side: str = "right"
) -> Any:
    """Sequences (L_i, *) side by side: (L, N, *), or (N, L, *) if `batch_first`."""
    if not isinstance(sequences, Iterable):
        raise RuntimeError(
            f"pad_sequence: Expected iterable for input sequences, but got arg of type: {type(sequences)}"
        )
    if padding_side not in ("left", "right"):
        raise RuntimeError(f"Expected padding_side to be one of left or right, but got {padding_side}.")
    listed: list[Any] = list(sequences)
    longest = max(one.size(0) for one in listed)
    rows = []
    for one in listed:
        row = one.new_full((longest, *one.shape[1:]), padding_value)
        place = slice(0, one.size(0)) if padding_side == "right" else slice(longest - one.size(0), longest)
        row[place] = one
        rows.append(row)
    return _stack(rows, 0 if batch_first else 1)


def unpad_sequence(padded_sequences: Any, lengths: Any, batch_first: bool = False) -> list[Any]:
    """The sequences of a padded tensor, each with its own length."""
    if not batch_first:
        padded_sequences = padded_sequences.transpose(0, 1)
    sizes: Any = lengths.array if isinstance(lengths, Tensor) else lengths
    return [one[: int(size)] for one, size in zip(padded_sequences, sizes, strict=True)]


def pack_sequence(sequences: Any, enforce_sorted: bool = True) -> PackedSequence:
    """Sequences (L_i, *), packed."""
    lengths = [one.size(0) for one in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Any]:
    """The sequences of a PackedSequence, in the order from before packing."""
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)
