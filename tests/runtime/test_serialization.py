"""State saved here is read by torch, state saved by torch is read here, and no file runs code."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnflip.runtime as runtime


def things(library: Any) -> dict[str, Any]:
    """What state dicts and checkpoints are made of."""
    library.manual_seed(0)
    net = library.nn.Sequential(library.nn.Conv2d(2, 3, 3), library.nn.BatchNorm2d(3), library.nn.Linear(4, 2))
    base = library.arange(12.0).reshape(3, 4)
    return {
        "state": net.state_dict(),
        "parameter": library.nn.Parameter(library.ones(2)),
        "view": base.t(),
        "part": base[1:, ::2],
        "whole": base,
        "kinds": [library.ones(2, dtype=getattr(library, kind)) for kind in ("float64", "float16", "int8", "bool")],
        "complex": library.ones(2, dtype=library.complex64),
        "empty": library.zeros(0, 3),
        "scalar": library.tensor(3),
        "graded": library.ones(2, requires_grad=True),
        "dtype": library.float32,
        "size": base.shape,
        "device": library.device("cpu"),
        "plain": {"epoch": 3, "name": "a", "rates": (0.1, [None, True]), "bytes": b"ab", 7: {1, 2}, "c": 1 + 2j},
    }


def plain(value: Any) -> Any:
    """Values without their library."""
    if hasattr(value, "detach"):
        kind = type(value).__name__
        return kind, str(value.dtype), tuple(value.shape), value.stride(), value.requires_grad, value.tolist()
    if isinstance(value, dict):
        return type(value).__name__, [(key, plain(one)) for key, one in value.items()]
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [plain(one) for one in value]
    return repr(value).replace("nnflip.runtime.", "")


@pytest.mark.torch
def test_torch_reads_what_is_saved_here(torch: Any, tmp_path: Path) -> None:
    runtime.save(things(runtime), tmp_path / "state.pt")
    assert plain(torch.load(tmp_path / "state.pt", weights_only=True)) == plain(things(torch))


@pytest.mark.torch
def test_what_torch_saves_is_read_here(torch: Any, tmp_path: Path) -> None:
    torch.save(things(torch), tmp_path / "state.pt")
    assert plain(runtime.load(tmp_path / "state.pt", weights_only=True)) == plain(things(runtime))


@pytest.mark.torch
def test_optimizers_go_both_ways(torch: Any) -> None:
    for there, here in ((torch, runtime), (runtime, torch)):
        p = there.nn.Parameter(there.ones(3))
        optimizer = there.optim.AdamW([p], 0.1, amsgrad=True)
        p.sum().backward()
        optimizer.step()
        file = io.BytesIO()
        there.save(optimizer.state_dict(), file)
        file.seek(0)
        other = here.optim.AdamW([here.nn.Parameter(here.ones(3))], 0.3, amsgrad=True)
        other.load_state_dict(here.load(file))
        assert plain(other.state_dict()) == plain(optimizer.state_dict())


def test_what_is_saved_here_is_read_here(tmp_path: Path) -> None:
    runtime.save(things(runtime), str(tmp_path / "state.pt"))
    again = runtime.load(str(tmp_path / "state.pt"), map_location="cpu")
    assert plain(again) == plain(things(runtime))
    assert isinstance(again["state"], OrderedDict)
    assert again["state"]._metadata


def test_views_share_their_memory_again() -> None:
    file = io.BytesIO()
    runtime.save(things(runtime), file)
    again = runtime.load(file)
    again["whole"].array[1, 2] = 50
    assert again["view"][2, 1].item() == 50
    assert again["part"][0, 1].item() == 50


class Evil:
    """Asks for code to be run when it is loaded."""

    def __reduce__(self) -> Any:
        return print, ("run",)


@pytest.mark.parametrize("weights_only", [True, False, None])
def test_no_code_is_run(capsys: pytest.CaptureFixture[str], weights_only: bool | None) -> None:
    file = io.BytesIO()
    runtime.save({"a": Evil()}, file)
    with pytest.raises(pickle.UnpicklingError, match=r"builtins__?\.print|__builtin__\.print"):
        runtime.load(file, weights_only=weights_only)
    assert capsys.readouterr().out == ""


def archive(pickled: bytes) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("a/data.pkl", pickled)
        made.writestr("a/data/0", np.arange(4, dtype=np.float32).tobytes())
    return file


def test_a_tensor_does_not_reach_beyond_its_storage() -> None:
    text = (
        b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\n"
        b"X\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x04tQK\x00K\x05\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR."
    )
    with pytest.raises(ValueError, match="does not fit"):
        runtime.load(archive(text))


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        runtime.load(tmp_path / "none.pt")
    with pytest.raises(RuntimeError, match="not a zip archive"):
        runtime.load(io.BytesIO(b"hello"))
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as made:
        made.writestr("readme", "hello")
    with pytest.raises(RuntimeError, match=r"data\.pkl"):
        runtime.load(empty)


def test_a_cuda_storage_needs_a_place() -> None:
    file = io.BytesIO()
    runtime.save(runtime.ones(2), file)
    with zipfile.ZipFile(file) as made:
        text = made.read("archive/data.pkl").replace(b"\x03\x00\x00\x00cpu", b"\x06\x00\x00\x00cuda:0")
    with pytest.raises(RuntimeError, match="map_location"):
        runtime.load(archive(text))
    assert runtime.load(archive(text), map_location="cpu").tolist() == [0.0, 1.0]
