"""`--compat`: what is written, when it is not, and that old checkpoints load strictly."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from nnflip.convert import Options, convert_source
from nnflip.convert.compat import with_load_hooks
from nnflip.convert.outcome import StateMove

NET = """import torch
import torch.nn as nn
import torch.nn.functional as F


class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(3, 3))

    def forward(self, x):
        return F.linear(x, self.w)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Inner()
        self.fc_weight = nn.Parameter(torch.randn(2, 3))
        self.fc_bias = nn.Parameter(torch.randn(2))
        self.register_buffer("running_mean", torch.zeros(3))
        self.register_buffer("running_var", torch.ones(3))

    def forward(self, x):
        x = F.batch_norm(x, self.running_mean, self.running_var, training=self.training)
        return F.linear(self.inner(x), self.fc_weight, self.fc_bias)
"""

HOOK = """
    def _load_from_state_dict(self, state_dict, prefix, *args):
        # Checkpoints from before the conversion call these entries by other names.
        names = {
            "w": "linear.weight",
        }
        for old, new in names.items():
            if prefix + old in state_dict:
                state_dict[prefix + new] = state_dict.pop(prefix + old)
        super()._load_from_state_dict(state_dict, prefix, *args)
"""


def converted(source: str = NET, to: Any = "module") -> Any:
    return convert_source(source, Options(to=to, compat=True))


def test_noop_where_no_key_moves() -> None:
    source = NET.replace("nn.Parameter(torch.randn(3, 3))", "make()")
    plain = convert_source(source, Options(to="module")).text
    assert "class Inner" in plain
    assert converted(source).text.count("_load_from_state_dict(self") == 1


def test_noop_where_an_old_name_is_a_new_one() -> None:
    text, notes = with_load_hooks(NET, "net.py", {"Inner": {"w": StateMove("v"), "v": StateMove("w")}})
    assert text == NET
    assert notes == {"Inner": "not made compatible with old checkpoints: v is an old name and a new one"}


def test_the_hook_is_a_method_at_the_end_of_the_class() -> None:
    done = converted()
    assert HOOK in done.text
    assert [note for model in done.models for note in model.notes if "--compat" in note] != []
    ast.parse(done.text)


def test_turned_entries_are_turned() -> None:
    text, _ = with_load_hooks(NET, "net.py", {"Inner": {"w": StateMove("linear.weight", "transpose")}})
    assert 'state_dict[prefix + new] = value.t().contiguous() if new in {"linear.weight"} else value' in text


@pytest.mark.torch
@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("to", ["module", "functional"])
def test_old_and_new_checkpoints_load_strictly(to: Any, sequential: bool) -> None:
    torch = pytest.importorskip("torch")
    source = NET if to == "module" else convert_source(NET, Options(to="module")).text
    done = convert_source(source, Options(to=to, compat=True, sequential=sequential))
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    exec(compile(source, "before", "exec"), before)
    exec(compile(done.text, "after", "exec"), after)
    old, new = before["Net"](), after["Net"]()
    x = torch.randn(4, 3)
    old(x)
    new.load_state_dict(old.state_dict(), strict=True)
    assert torch.equal(new.eval()(x), old.eval()(x))
    again = after["Net"]()
    again.load_state_dict(new.state_dict(), strict=True)
    assert torch.equal(again.eval()(x), old(x))
    wrong = {**old.state_dict(), "typo": torch.zeros(1)}
    with pytest.raises(RuntimeError, match="typo"):
        after["Net"]().load_state_dict(wrong)
