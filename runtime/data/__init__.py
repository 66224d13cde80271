"""`torch.utils.data`: datasets, samplers and a loader, in one process, drawing torch's orders."""

# ruff: noqa: F401 - this file is the list of names

from __future__ import annotations

from ..missing import refusing
from .collate import default_collate, default_convert
from .dataset import ChainDataset, ConcatDataset, Dataset, IterableDataset, StackDataset, Subset, TensorDataset
from .dataset import random_split as random_split
from .distributed import DistributedSampler
from .loader import DataLoader, get_worker_info
from .sampler import (
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)

__getattr__ = refusing("torch.utils.data")
