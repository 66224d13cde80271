"""Which key goes where: missing and unexpected keys, wrappers, classes in classes, and the optimiser."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import pytest

from nnflip.convert import Options, convert_source
from nnflip.convert.checkpoint.apply import Applied, apply
from nnflip.convert.checkpoint.carry import ClassMap
from nnflip.convert.checkpoint.tensors import BadCheckpoint, Stored, tensor
from nnflip.convert.parameters import parameters_of
from nnflip.convert.report.carried import class_maps
from nnflip.convert.report.document import document, dump

NET = ClassMap("Net", {"w": ("fc.weight", True), "b": ("fc.bias", False), "inner.*": ("inner.*", False)})
BLOCK = ClassMap("Block", {"k": ("conv.weight", False)}, added=("norm.num_batches_tracked",))


def matrix(first: int = 0) -> Stored:
    return tensor(bytes(range(first, first + 6)), "uint8", (2, 3))


def carried(root: Any, *maps: ClassMap, **options: Any) -> Applied:
    return apply(root, {each.name: each for each in maps or (NET,)}, **options)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["w"], "does not fit Net: missing b"),
        (["w", "b", "c"], "does not fit Net: unexpected c"),
        (["x.w", "x.c"], "does not fit Net: missing b; unexpected x.c"),
        ([], "holds no named tensors"),
        (["q"], "does not fit Net: missing w, b; unexpected q"),
    ],
)
def test_keys_that_do_not_fit_are_named(keys: list[str], said: str) -> None:
    with pytest.raises(BadCheckpoint) as refused:
        carried({key: matrix() for key in keys})
    assert str(refused.value) == said


def test_two_classes_that_fit_alike_are_asked_about() -> None:
    other = ClassMap("Other", {"w": ("x", False), "b": ("y", False)})
    root = {"w": matrix(), "b": matrix()}
    with pytest.raises(BadCheckpoint, match="--model"):
        carried(root, NET, other)
    assert list(carried(root, NET, other, model="Other").root) == ["x", "y"]


def test_keys_are_renamed_and_matrices_turned() -> None:
    after = carried({"w": matrix(), "b": matrix(10)}).root
    assert list(after) == ["fc.weight", "fc.bias"]
    assert (after["fc.weight"].shape, after["fc.weight"].content()) == ((3, 2), bytes([0, 3, 1, 4, 2, 5]))
    assert after["fc.bias"].content() == bytes(range(10, 16))


def test_the_way_back_gives_the_same_bytes() -> None:
    before = {"w": matrix(), "b": matrix(10), "inner.x": matrix(20)}
    after = carried(carried(before).root, NET.reversed()).root
    assert {key: value.content() for key, value in after.items()} == {k: v.content() for k, v in before.items()}


@pytest.mark.parametrize("prefix", ["module.", "model.", "_orig_mod.module.", "net.0."])
def test_a_wrapped_model_is_found_below_its_prefix(prefix: str) -> None:
    root = {f"{prefix}w": matrix(), f"{prefix}b": matrix(), f"{prefix}inner.x": matrix()}
    assert list(carried(root).root) == [f"{prefix}fc.weight", f"{prefix}fc.bias", f"{prefix}inner.x"]


def test_every_object_of_a_class_inside_a_larger_model_is_carried() -> None:
    root = {"head": matrix(), **{f"blocks.{n}.{key}": matrix() for n in range(12) for key in ("w", "b")}}
    after = list(carried(root).root)
    assert after == ["head", *(f"blocks.{n}.fc.{key}" for n in range(12) for key in ("weight", "bias"))]


def test_objects_of_a_converted_class_inside_another_follow_too() -> None:
    root = {"w": matrix(), "b": matrix(), "inner.0.k": matrix(), "inner.1.k": matrix()}
    inner = [f"inner.{n}.conv.weight" for n in range(2)] + [f"inner.{n}.norm.num_batches_tracked" for n in range(2)]
    assert list(carried(root, NET, BLOCK).root) == ["fc.weight", "fc.bias", *inner]


def test_what_lies_around_the_state_stays() -> None:
    state = OrderedDict(w=matrix(), b=matrix())
    state._metadata = {"": {"version": 1}}  # type: ignore[attr-defined]
    after = carried({"epoch": 3, "nested": {"state_dict": state}, "best": [1.5]}).root
    assert (after["epoch"], after["best"]) == (3, [1.5])
    assert list(after["nested"]["state_dict"]) == ["fc.weight", "fc.bias"]
    assert vars(after["nested"]["state_dict"]) == {"_metadata": {"": {"version": 1}}}


def test_entries_that_become_one_must_agree() -> None:
    tied = ClassMap("Tied", {"a": ("fc.weight", False), "b": ("fc.weight", False)})
    assert list(carried({"a": matrix(), "b": matrix()}, tied).root) == ["fc.weight"]
    with pytest.raises(BadCheckpoint, match="values differ"):
        carried({"a": matrix(), "b": matrix(1)}, tied)


SOURCE = """
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, bias=True):
        super().__init__()
        self.norm = nn.LayerNorm(3)
        self.w = nn.Parameter(torch.empty(3, 3))
        self.scale = nn.Parameter(torch.ones(3))
        self.last = nn.Linear(3, 3, bias=bias)

    def forward(self, x):
        return self.last(self.norm(F.linear(x, self.w)) * self.scale)
"""


def maps_of(source: str) -> dict[str, ClassMap]:
    return class_maps(dump(document([("net.py", convert_source(source, Options(to="module")))])))


def test_the_report_tells_the_order_of_parameters_and_what_may_be_absent() -> None:
    net = maps_of(SOURCE)["Net"]
    assert net.order == (
        ("w", "scale", "norm.weight", "norm.bias", "last.weight", "last.bias"),
        ("scale", "norm.weight", "norm.bias", "linear.weight", "last.weight", "last.bias"),
    )
    assert net.optional == frozenset({"last.bias"})


def test_an_order_that_is_not_certain_is_not_told() -> None:
    source = SOURCE.replace("super().__init__()", "super().__init__()\n        self.build()")
    source = source.replace("        self.norm = nn.LayerNorm(3)\n", "")
    source += "\n    def build(self):\n        self.norm = nn.LayerNorm(3)\n"
    assert parameters_of(source)["Net"].order is None


def optimiser(count: int, groups: int = 1) -> dict[str, Any]:
    state = {n: {"step": 1.0, "exp_avg": tensor(bytes([n] * 3), "uint8", (3,))} for n in range(count)}
    rows = [{"lr": 0.1, "params": list(range(count))}] if groups == 1 else [{"params": [n]} for n in range(count)]
    return {"state": state, "param_groups": rows}


def checkpoint(**more: Any) -> dict[str, Any]:
    keys = ["w", "scale", "norm.weight", "norm.bias", "last.weight", "last.bias"]
    return {"model": {key: tensor(bytes([n] * 3), "uint8", (3,)) for n, key in enumerate(keys)}, **more}


def test_an_optimiser_follows_its_parameters() -> None:
    after = carried(checkpoint(optimizer=optimiser(6)), *maps_of(SOURCE).values()).root
    owners = {key: value.content()[0] for key, value in after["model"].items()}
    order = ["scale", "norm.weight", "norm.bias", "linear.weight", "last.weight", "last.bias"]
    moments = [own["exp_avg"].content()[0] for own in after["optimizer"]["state"].values()]
    assert moments == [owners[key] for key in order]
    assert after["optimizer"]["param_groups"] == [{"lr": 0.1, "params": list(range(6))}]
    back = carried(after, maps_of(SOURCE)["Net"].reversed()).root
    assert [own["exp_avg"].content()[0] for own in back["optimizer"]["state"].values()] == list(range(6))


@pytest.mark.parametrize(
    ("given", "said"),
    [(optimiser(5), "5 parameters and the model 6"), (optimiser(6, groups=6), "6 parameter groups")],
)
def test_an_optimiser_that_is_not_certain_is_refused_or_left_out(given: dict[str, Any], said: str) -> None:
    maps = list(maps_of(SOURCE).values())
    with pytest.raises(BadCheckpoint, match=said):
        carried(checkpoint(optimizer=given), *maps)
    assert "optimizer" not in carried(checkpoint(optimizer=given), *maps, drop_optimizer=True).root
