"""Checkpoint formats: what is refused, and that every byte comes back."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnflip.convert.checkpoint.file import Checkpoint, read_checkpoint, write_checkpoint
from nnflip.convert.checkpoint.safetensors import NAMES
from nnflip.convert.checkpoint.tensors import SIZES, BadCheckpoint, Storage, Stored, tensor
from nnflip.convert.checkpoint.torch_zip import STORAGES, read_torch


def pt(pickled: bytes, **records: bytes) -> bytes:
    """A `.pt` file around a pickle."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a/data.pkl", pickled)
        for name, content in records.items():
            archive.writestr(f"a/data/{name}", content)
    return buffer.getvalue()


class Runs:
    """A pickle that runs a command when it is read."""

    def __init__(self, function: Callable[..., Any], *args: Any) -> None:
        self.call = function, args

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.call


def evil_pickles(mark: Path) -> dict[str, bytes]:
    import os

    command = f"touch {mark}"
    return {
        "os.system": pickle.dumps(Runs(os.system, command), 2),
        "eval": pickle.dumps({"w": Runs(eval, f"open({str(mark)!r}, 'w')")}, 2),
        "a name found through a known one": b"\x80\x02ccollections\nOrderedDict.__init__\n)R.",
        "a module below torch": b"\x80\x02ctorch.hub\nload\n(X\x01\x00\x00\x00atR.",
        "torch's own loader": b"\x80\x02ctorch\nload\n(X\x01\x00\x00\x00atR.",
        "an instance of an old class": b"\x80\x02(ios\nsystem\nX\x01\x00\x00\x00a.",
        "a change to what is known": b"\x80\x02ccollections\nOrderedDict\n}X\x05\x00\x00\x00buildK\x01sb.",
        "slots of what is known": b"\x80\x02ccollections\nOrderedDict\nN}X\x05\x00\x00\x00buildK\x01s\x86b.",
        "a storage that is none": b"\x80\x02X\x01\x00\x00\x00aQ.",
        "an extension code": b"\x80\x02\x82\x01.",
        "the end of the stack": b"\x80\x02000.",
        "no pickle": b"hello",
        "nothing": b"",
        "lists in lists": b"\x80\x02" + b"]" * 100 + b"a" * 200 + b".",
    }


@pytest.mark.parametrize("kind", evil_pickles(Path("x")))
def test_a_pickle_that_wants_more_is_refused_and_never_runs(kind: str, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    with pytest.raises(BadCheckpoint) as refused:
        read_torch(pt(evil_pickles(mark)[kind]))
    assert "\n" not in str(refused.value)
    assert not mark.exists()


def stored(key: str, count: int, offset: int, shape: tuple[int, ...], stride: tuple[int, ...]) -> bytes:
    """A pickle of one float tensor with these numbers."""

    def integers(values: tuple[int, ...]) -> bytes:
        return b"(" + b"".join(b"J" + value.to_bytes(4, "little", signed=True) for value in values) + b"t"

    return (
        b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x00"
        + key.encode()
        + b"X\x03\x00\x00\x00cpuJ"
        + count.to_bytes(4, "little")
        + b"tQJ"
        + offset.to_bytes(4, "little", signed=True)
        + integers(shape)
        + integers(stride)
        + b"\x89N"
        + b"tR."
    )


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (("0", 4, 0, (5,), (1,)), "reaches beyond"),
        (("0", 4, 3, (2,), (1,)), "reaches beyond"),
        (("0", 4, -1, (2,), (1,)), "impossible shape"),
        (("0", 4, 0, (2, 2), (2,)), "impossible shape"),
        (("0", 4, 0, (1 << 30,), (0,)), "beyond measure"),
        (("1", 4, 0, (4,), (1,)), "missing or damaged"),
    ],
)
def test_tensors_that_lie_about_their_bytes_are_refused(numbers: Any, said: str) -> None:
    with pytest.raises(BadCheckpoint, match=said):
        read_torch(pt(stored(*numbers), **{"0": bytes(16)}))


@pytest.mark.parametrize(
    ("raw", "ending", "said"),
    [
        (b"", ".pt", "no zip"),
        (pickle.dumps({"a": 1}), ".pt", "older than torch 1.6"),
        (b"", ".safetensors", "cut short"),
        (b"\xff" * 8 + b"{}", ".safetensors", "cut short"),
        (b"\x02" + bytes(7) + b"[]", ".safetensors", "header"),
        (b"\x02" + bytes(7) + b"{}!", ".safetensors", "no tensor"),
        (b"PK", ".npz", "not an npz"),
    ],
)
def test_files_of_another_kind_are_refused(raw: bytes, ending: str, said: str) -> None:
    with pytest.raises(BadCheckpoint, match=said):
        read_checkpoint(raw, ending)


@pytest.mark.parametrize(
    "row",
    [
        {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [1], "data_offsets": [1, 5]},
        {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]},
        {"dtype": "X32", "shape": [1], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [1], "data_offsets": [0, 400]},
        {"dtype": "F32"},
    ],
)
def test_a_safetensors_header_that_does_not_fit_is_refused(row: dict[str, Any]) -> None:
    header = json.dumps({"w": row}).encode()
    with pytest.raises(BadCheckpoint):
        read_checkpoint(len(header).to_bytes(8, "little") + header + bytes(4), ".safetensors")


def test_an_npz_of_objects_is_refused() -> None:
    buffer = io.BytesIO()
    np.savez(buffer, w=np.array([{}], dtype=object))
    with pytest.raises(BadCheckpoint, match="no plain tensor"):
        read_checkpoint(buffer.getvalue(), ".npz")


@pytest.mark.parametrize("ending", [".safetensors", ".npz", ".pt"])
@pytest.mark.parametrize("dtype", sorted(set(SIZES)))
def test_every_byte_of_every_dtype_comes_back(dtype: str, ending: str) -> None:
    content = bytes(range(6 * SIZES[dtype])) if dtype != "bool" else b"\x01\x00\x01\x01\x00\x00"
    before = tensor(content, dtype, (2, 3))
    known = {".safetensors": dtype in NAMES, ".npz": "float8" not in dtype and dtype != "bfloat16", ".pt": True}
    if not known[ending]:
        with pytest.raises(BadCheckpoint, match=dtype):
            write_checkpoint(Checkpoint({"w": before}), ending)
        return
    after = read_checkpoint(write_checkpoint(Checkpoint({"w": before}), ending), ending).root["w"]
    assert (after.dtype, after.shape, after.content()) == (dtype, (2, 3), content)


@pytest.mark.parametrize("dtype", ["uint8", "bfloat16", "float32", "float64", "complex128"])
def test_a_transposed_matrix_is_numpys(dtype: str) -> None:
    size = SIZES[dtype]
    items = np.arange(12 * size, dtype=np.uint8).reshape(3, 4, size)
    turned = tensor(items.tobytes(), dtype, (3, 4)).transposed()
    assert (turned.shape, turned.content()) == ((4, 3), items.transpose(1, 0, 2).tobytes())
    assert turned.transposed().content() == items.tobytes()


def test_views_are_read_in_their_own_order() -> None:
    numbers = np.arange(24, dtype="<i4")
    view = np.lib.stride_tricks.as_strided(numbers[3:], (2, 3, 2), (16, 4, 32))
    read = Stored(Storage(numbers.tobytes()), "int32", (2, 3, 2), (4, 1, 8), offset=3)
    assert read.content() == view.tobytes()


@pytest.mark.parametrize("compressed", [False, True])
def test_npz_files_of_numpy_are_read_and_written(compressed: bool) -> None:
    arrays = {
        "w": np.arange(6, dtype="f4").reshape(2, 3),
        "turned": np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)),
        "scalar": np.array(5),
        "empty": np.zeros((0, 3), dtype="f2"),
    }
    buffer = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(buffer, **arrays)
    raw = write_checkpoint(read_checkpoint(buffer.getvalue(), ".npz"), ".npz")
    with np.load(io.BytesIO(raw)) as back:
        assert {name: (array.dtype, array.tolist()) for name, array in arrays.items()} == {
            name: (back[name].dtype, back[name].tolist()) for name in back.files
        }


@pytest.mark.torch
def test_files_of_torch_come_back_for_its_safe_reader() -> None:
    torch = pytest.importorskip("torch")
    w = torch.randn(3, 4)
    before = {
        "state_dict": torch.nn.BatchNorm1d(3).state_dict(),
        "numbers": (1, -5, 2**70, 2.5, None, True, "é"),
        "parameter": torch.nn.Parameter(torch.zeros(2)),
        "views": [w, w.t(), w[:, 1:3], torch.randn(2, 3, 4).permute(2, 0, 1)],
        "torch": (torch.float32, torch.Size([1]), torch.device("cpu")),
        **{name: torch.ones(3).to(getattr(torch, name)) for name in SIZES},
    }
    buffer = io.BytesIO()
    torch.save(before, buffer)
    raw = write_checkpoint(read_checkpoint(buffer.getvalue(), ".pt"), ".pt")
    after = torch.load(io.BytesIO(raw), weights_only=True)
    assert vars(after["state_dict"]) == vars(before["state_dict"])
    for ours, theirs in zip(after["views"], before["views"], strict=True):
        assert torch.equal(ours, theirs)
        assert ours.stride() == theirs.stride()
    assert after["views"][0].data_ptr() == after["views"][1].data_ptr()
    assert type(after["parameter"]) is torch.nn.Parameter
    assert after["parameter"].requires_grad
    assert (after["numbers"], after["torch"]) == (before["numbers"], before["torch"])
    for name in SIZES:
        assert after[name].dtype == getattr(torch, name)
        assert after[name].view(torch.uint8).tolist() == before[name].view(torch.uint8).tolist()
    assert {f"torch.{name}" for name in STORAGES} == {f"torch.{name}" for name in STORAGES if hasattr(torch, name)}


@pytest.mark.torch
def test_files_of_the_safetensors_library_are_read_and_written() -> None:
    torch = pytest.importorskip("torch")
    library = pytest.importorskip("safetensors.torch")
    before = {
        "w": torch.randn(2, 3).bfloat16(),
        "n": torch.tensor(3),
        "e": torch.zeros(0, 2),
        "b": torch.tensor([True]),
    }
    raw = library.save(before, metadata={"format": "pt"})
    read = read_checkpoint(raw, ".safetensors")
    assert read.metadata == {"format": "pt"}
    assert write_checkpoint(read, ".safetensors") == raw
    after = library.load(write_checkpoint(read, ".safetensors"))
    assert all(torch.equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize("ending", [".safetensors", ".npz", ".pt"])
def test_a_damaged_file_is_read_or_refused_and_nothing_else(ending: str) -> None:
    whole = write_checkpoint(Checkpoint({"a": tensor(bytes(24), "float32", (2, 3))}), ending)
    for place in range(0, len(whole), 3):
        damaged = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        for raw in (damaged, whole[:place]):
            with suppress(BadCheckpoint):
                write_checkpoint(read_checkpoint(raw, ending), ".pt")


@pytest.mark.torch
@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_every_protocol_of_pickles_is_read(protocol: int) -> None:
    torch = pytest.importorskip("torch")
    buffer = io.BytesIO()
    torch.save({"w": torch.ones(2), "n": [1, 2.5, "é" * 300]}, buffer, pickle_protocol=protocol)
    read = read_checkpoint(buffer.getvalue(), ".pt").root
    assert (read["w"].shape, read["n"]) == ((2,), [1, 2.5, "é" * 300])
