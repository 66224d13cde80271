"""Loaders give torch's batches in torch's order, and leave torch's random stream behind."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np
import pytest

import nnflip.runtime as runtime

CASES = {
    "in order": "D.DataLoader(data, 4)",
    "shuffled": "D.DataLoader(data, 4, shuffle=True)",
    "shuffled by a generator": "D.DataLoader(data, 4, shuffle=True, generator=gen)",
    "without the rest": "D.DataLoader(data, 4, shuffle=True, drop_last=True)",
    "one by one": "D.DataLoader(data, None)",
    "a subset": "D.DataLoader(D.Subset(data, [3, 1, 4, 1, 5]), 2, shuffle=True)",
    "with replacement": "D.DataLoader(data, 7, sampler=D.RandomSampler(data, replacement=True, num_samples=75))",
    "more than there are": "D.DataLoader(data, 5, sampler=D.RandomSampler(data, num_samples=25))",
    "weighted": "D.DataLoader(data, 5, sampler=D.WeightedRandomSampler([0.1, 0.9, 0.4], 12))",
    "weighted, each once": "D.DataLoader(data, 5, sampler=D.WeightedRandomSampler([0.1, 0.9, 0.4], 3, False))",
    "random subset": "D.DataLoader(data, 2, sampler=D.SubsetRandomSampler([3, 1, 4]))",
    "batches of its own": "D.DataLoader(data, batch_sampler=D.BatchSampler(D.SequentialSampler(data), 3, True))",
    "concatenated": "D.DataLoader(D.ConcatDataset([data, data]), 6, shuffle=True)",
    "added": "D.DataLoader(data + data, 6)",
    "split": "[D.DataLoader(part, 2) for part in D.random_split(data, [3, 7])]",
    "split by fractions": "[D.DataLoader(part, 2) for part in D.random_split(data, [0.34, 0.33, 0.33], gen)]",
    "stacked": "D.DataLoader(D.StackDataset(a=data, b=data), 3)",
    "of a list": "D.DataLoader([(1, 2.5, 'x', {'k': [1, 2]}), (3, 4.5, 'y', {'k': [3, 4]})], 2)",
    "of arrays": "D.DataLoader([np.arange(3) + i for i in range(4)], 3)",
    "of a stream": "D.DataLoader(stream, 4)",
    "of a stream without the rest": "D.DataLoader(stream, 4, drop_last=True)",
    "of a stream, one by one": "D.DataLoader(stream, None)",
}
Pair = namedtuple("Pair", "a b")


def passes(library: Any, data_module: Any, text: str) -> Any:
    """Two passes over a loader, lengths and the next random number."""
    library.manual_seed(5)
    stream = type("Stream", (data_module.IterableDataset,), {"__iter__": lambda self: iter(range(10))})()
    data = data_module.TensorDataset(library.arange(10), library.arange(20.0).reshape(10, 2))
    gen = library.Generator()
    gen.manual_seed(3)
    loader = eval(text, {"D": data_module, "data": data, "gen": gen, "stream": stream, "np": np})
    loaders = loader if isinstance(loader, list) else [loader]
    found = [plain(batch) for one in loaders for _ in range(2) for batch in one]
    lengths = [len(one) for one in loaders] if "stream" not in text else []
    return found, lengths, library.rand(1).item()


def plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return str(value.dtype), tuple(value.shape), value.tolist()
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [type(value).__name__, *map(plain, value)] if isinstance(value, (list, tuple)) else value


@pytest.mark.torch
@pytest.mark.parametrize("text", CASES.values(), ids=CASES.keys())
def test_batches_are_torchs(torch: Any, text: str) -> None:
    import torch.utils.data as theirs

    from nnflip.runtime import data as ours

    assert passes(runtime, ours, text) == passes(torch, theirs, text)


@pytest.mark.torch
@pytest.mark.parametrize(
    "text",
    [
        "D.DataLoader(data, 0)",
        "D.DataLoader(data, 2, shuffle=True, sampler=[1])",
        "D.DataLoader(data, 2, batch_sampler=[[1]])",
        "D.DataLoader(data, None, drop_last=True)",
        "D.DataLoader(data, num_workers=-1)",
        "D.DataLoader(data, timeout=-1)",
        "D.DataLoader(stream, shuffle=True)",
        "D.DataLoader(stream, sampler=[1])",
        "D.RandomSampler(data, replacement=1)",
        "D.RandomSampler(data, num_samples=0)",
        "D.WeightedRandomSampler([1.0], 0)",
        "D.WeightedRandomSampler([[1.0]], 1)",
        "D.BatchSampler([1], 0, False)",
        "D.BatchSampler([1], 1, 0)",
        "D.random_split(data, [1, 2])",
        "D.ConcatDataset([])",
        "D.ConcatDataset([stream])",
        "D.Dataset()[0]",
        "D.default_collate([object()])",
        "D.default_collate([[1], [1, 2]])",
    ],
)
def test_what_torch_refuses_is_refused(torch: Any, text: str) -> None:
    import torch.utils.data as theirs

    from nnflip.runtime import data as ours

    outcomes = []
    for library, module in ((torch, theirs), (runtime, ours)):
        with pytest.raises(Exception, match=r"\w|^$") as caught:
            passes(library, module, text)
        outcomes.append((type(caught.value), str(caught.value)))
    assert outcomes[0] == outcomes[1]


def test_named_tuples_stay_named() -> None:
    from nnflip.runtime.data import default_collate, default_convert

    batch = default_collate([Pair(1, 2.0), Pair(3, 4.0)])
    assert isinstance(batch, Pair)
    assert batch.a.tolist() == [1, 3]
    assert isinstance(default_convert(Pair(np.ones(2), "x")), Pair)
