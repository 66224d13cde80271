"""DataLoader: batches of a dataset, one after the other, in this process."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from ..random import Generator
from .collate import default_collate, default_convert
from .dataset import IterableDataset
from .sampler import BatchSampler, RandomSampler, SequentialSampler, drawn_seed


class DataLoader:
    """torch's arguments and torch's random order; num_workers is kept, and the work is done here all the same.

    ValueError for options that exclude each other.
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Any = None,
        batch_sampler: Any = None,
        num_workers: int = 0,
        collate_fn: Callable[[Any], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Any = None,
        multiprocessing_context: Any = None,
        generator: Generator | None = None,
        **ignored: Any,
    ) -> None:
        if num_workers < 0:
            raise ValueError("num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.")
        if timeout < 0:
            raise ValueError("timeout option should be non-negative")
        self.stream = isinstance(dataset, IterableDataset)
        _check(self.stream, shuffle, sampler, batch_sampler, batch_size, drop_last)
        self.dataset, self.num_workers, self.pin_memory = dataset, num_workers, pin_memory
        self.timeout, self.worker_init_fn, self.generator = timeout, worker_init_fn, generator
        if batch_sampler is not None:
            batch_size, drop_last = None, False
        if sampler is None:
            if self.stream:
                sampler = itertools.repeat(None)
            else:
                sampler = RandomSampler(dataset, generator=generator) if shuffle else SequentialSampler(dataset)
        if batch_size is not None and batch_sampler is None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.batch_size, self.drop_last, self.sampler, self.batch_sampler = (
            batch_size,
            drop_last,
            sampler,
            batch_sampler,
        )
        self.collate_fn = collate_fn or (default_convert if batch_sampler is None else default_collate)

    def __iter__(self) -> Iterator[Any]:
        return _Batches(self)

    def __len__(self) -> int:
        if not self.stream:
            return len(self.sampler if self.batch_sampler is None else self.batch_sampler)
        samples, size = len(self.dataset), self.batch_size
        return samples if size is None else (samples + (0 if self.drop_last else size - 1)) // size


class _Batches:
    """One pass over a loader. Torch draws a seed for its workers when a pass begins, with or without workers."""

    def __init__(self, loader: DataLoader) -> None:
        self.loader = loader
        drawn_seed(loader.generator)
        self.indices = iter(loader.sampler if loader.batch_sampler is None else loader.batch_sampler)
        self.samples = iter(loader.dataset) if loader.stream else None

    def __iter__(self) -> _Batches:
        return self

    def __next__(self) -> Any:
        index, loader = next(self.indices), self.loader
        if loader.batch_sampler is None:
            return loader.collate_fn(loader.dataset[index] if self.samples is None else next(self.samples))
        if self.samples is not None:
            batch = list(itertools.islice(self.samples, len(index)))
            if not batch or (loader.drop_last and len(batch) < len(index)):
                raise StopIteration
            return loader.collate_fn(batch)
        several = getattr(loader.dataset, "__getitems__", None)
        return loader.collate_fn(several(index) if callable(several) else [loader.dataset[i] for i in index])

    def __len__(self) -> int:
        return len(self.loader)


def _check(
    stream: bool, shuffle: Any, sampler: Any, batch_sampler: Any, batch_size: int | None, drop_last: bool
) -> None:
    if stream and shuffle:
        raise ValueError(f"DataLoader with IterableDataset: expected unspecified shuffle option, but got {shuffle=}")
    for name, given in (("sampler", sampler), ("batch_sampler", batch_sampler)):
        if stream and given is not None:
            raise ValueError(
                f"DataLoader with IterableDataset: expected unspecified {name} option, but got {name}={given}"
            )
    if sampler is not None and shuffle:
        raise ValueError("sampler option is mutually exclusive with shuffle")
    if batch_sampler is not None and (batch_size != 1 or shuffle or sampler is not None or drop_last):
        raise ValueError("batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last")
    if batch_sampler is None and batch_size is None and drop_last:
        raise ValueError("batch_size=None option disables auto-batching and is mutually exclusive with drop_last")


def get_worker_info() -> None:
    """None: there are no worker processes."""
