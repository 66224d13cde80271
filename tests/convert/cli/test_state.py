"""`nnflip state`, from the command line to files that torch and safetensors load."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnflip.convert.checkpoint.file import Checkpoint, read_checkpoint, write_checkpoint
from nnflip.convert.checkpoint.tensors import tensor

Runner = Callable[..., Any]

NET = """import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(4)
        self.weight = nn.Parameter(torch.randn(4, 4))
        self.bias = nn.Parameter(torch.randn(4))

    def forward(self, x):
        return torch.relu(self.norm(F.linear(x, self.weight, self.bias)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(4, 2)
        self.blocks = nn.Sequential(Block(), Block())
        self.one = Block()
        self.stem_weight = nn.Parameter(torch.randn(4, 3))

    def forward(self, x):
        return self.head(self.one(self.blocks(F.linear(x, self.stem_weight))))
"""


@pytest.fixture
def converted(nnflip_run: Runner, tmp_path: Path) -> Path:
    (tmp_path / "net.py").write_text(NET)
    assert nnflip_run("convert", "net.py", "--to", "module", "-o", "new.py", "--report", "r.json").code == 0
    return tmp_path


def load(path: Path) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(path.read_text(), str(path), "exec"), names)
    return names


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("no.pt", "--map", "r.json", "-o", "o.pt"), "no.pt: no such file"),
        (("net.py", "--map", "r.json", "-o", "o.pt"), "net.py: is none of .safetensors"),
        (("w.npz", "--map", "r.json", "-o", "o.txt"), "o.txt: is none of .safetensors"),
        (("w.npz", "--map", "w.npz", "-o", "o.npz"), "not a report that nnflip convert --report has written"),
        (("w.npz", "--map", "r.json", "-o", "o.npz", "--model", "Nett"), "knows no model Nett; did you mean 'Net'?"),
        (("w.npz", "--map", "r.json", "-o", "o.npz"), "w.npz: does not fit Block: missing norm.weight, norm.bias"),
        (("bad.pt", "--map", "r.json", "-o", "o.pt"), "bad.pt: is no zip as torch writes them"),
    ],
)
def test_what_cannot_be_done_is_one_line(argv: tuple[str, ...], said: str, nnflip_run: Runner, converted: Path) -> None:
    root = {"x": tensor(b"\0", "uint8", (1,))}
    (converted / "w.npz").write_bytes(write_checkpoint(Checkpoint(root), ".npz"))
    (converted / "bad.pt").write_bytes(b"no")
    done = nnflip_run("state", *argv)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert said in done.err
    assert not (converted / "o.pt").exists()


def test_formats_may_change_on_the_way(nnflip_run: Runner, converted: Path) -> None:
    report = json.loads((converted / "r.json").read_text())
    (block,) = (model for model in report["files"][0]["models"] if model["name"] == "Block")
    root = {key: tensor(bytes([n]), "uint8", (1,)) for n, key in enumerate(block["state_map"])}
    (converted / "b.safetensors").write_bytes(write_checkpoint(Checkpoint(root), ".safetensors"))
    done = nnflip_run("state", "b.safetensors", "--map", "r.json", "-o", "b.npz")
    assert (done.code, done.err) == (0, "state: Block, 2 of 7 entries moved\n")
    after = read_checkpoint((converted / "b.npz").read_bytes(), ".npz").root
    moves = block["state_map"]
    assert {key: value.content() for key, value in after.items()} == {
        moves[key]: value.content() for key, value in root.items()
    }


@pytest.mark.torch
def test_training_goes_on_in_the_converted_model_as_it_would_have(nnflip_run: Runner, converted: Path) -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    old, new = load(converted / "net.py")["Net"](), load(converted / "new.py")["Net"]()
    x = torch.randn(5, 3)

    def step(model: Any, optimizer: Any) -> Any:
        loss = model(x).square().sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.detach()

    trained = torch.optim.Adam(old.parameters())
    step(old, trained)
    wrapped = {f"module.{key}": value for key, value in old.state_dict().items()}
    torch.save({"epoch": 1, "state_dict": wrapped, "optimizer": trained.state_dict()}, converted / "c.pth")
    done = nnflip_run("state", "c.pth", "--map", "r.json", "-o", "d.pth", "--model", "Net")
    assert done.code == 0, done.err
    loaded = torch.load(converted / "d.pth", weights_only=True)
    new.load_state_dict({key[7:]: value for key, value in loaded["state_dict"].items()}, strict=True)
    resumed = torch.optim.Adam(new.parameters())
    resumed.load_state_dict(loaded["optimizer"])
    assert [step(old, trained).item() for _ in range(3)] == [step(new, resumed).item() for _ in range(3)]
    back = nnflip_run("state", "d.pth", "--map", "r.json", "-o", "e.pth", "--model", "Net", "--reverse")
    assert back.code == 0, back.err
    again, first = (torch.load(converted / name, weights_only=True) for name in ("e.pth", "c.pth"))
    assert all(torch.equal(first["state_dict"][key], again["state_dict"][key]) for key in wrapped)
    moments = [own["exp_avg"] for own in first["optimizer"]["state"].values()]
    assert all(
        torch.equal(mine, own["exp_avg"])
        for mine, own in zip(moments, again["optimizer"]["state"].values(), strict=True)
    )


@pytest.mark.torch
def test_a_checkpoint_of_the_safetensors_library_loads_strictly(nnflip_run: Runner, converted: Path) -> None:
    torch = pytest.importorskip("torch")
    library = pytest.importorskip("safetensors.torch")
    old, new = load(converted / "net.py")["Net"]().bfloat16(), load(converted / "new.py")["Net"]().bfloat16()
    library.save_file(copy.deepcopy(old.state_dict()), converted / "c.safetensors")
    assert nnflip_run("state", "c.safetensors", "--map", "r.json", "-o", "d.safetensors").code == 0
    new.load_state_dict(library.load_file(converted / "d.safetensors"), strict=True)
    x = torch.randn(5, 3).bfloat16()
    assert torch.equal(old.eval()(x), new.eval()(x))
