"""Rows are sound in themselves: every argument of every signature has exactly one role."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nnflip.convert.ops import ONE_WAY, TABLE, Pair, by_function, by_method, by_module, one_way

ROWS = [pytest.param(pair, id=pair.module) for pair in TABLE]


def faults(pair: Pair) -> dict[str, set[str]]:
    """What in a row contradicts itself: a claim → the names it is made about."""
    takes, built = set(pair.function_signature.names), set(pair.module_signature.names)
    forward = set(pair.forward_signature.names)
    given = {slot.name for slot in pair.slots if slot.given}
    roles = [
        set(pair.shared.values()) | set(pair.solved),
        set(pair.flags),
        set(pair.initial),
        set(pair.factory),
        given,
        set(pair.module_only),
        {pair.swap.flag} if pair.swap else set(),
    ]
    passed = {pair.call_renames.get(name, name) for name in pair.data}
    claims = {
        "slots that the function does not take": {slot.name for slot in pair.handed} - takes,
        "given slots that the constructor does not take": given - built,
        "flags that the constructor does not take": set(pair.flags) - built,
        "a mode that the function does not take": {pair.mode} - takes - {None},
        "a needed flag that is none": {pair.mode_needs} - set(pair.flags) - {None},
        "renamed arguments that do not exist": (set(pair.renames) - takes) | (set(pair.renames.values()) - built),
        "fixed arguments that the function does not take": set(pair.fixed) - takes,
        "counted arguments that the function does not take": set(pair.lengths) - takes,
        "function-only arguments that it does not take": set(pair.function_only) - takes,
        "module-only arguments that it does not take": set(pair.module_only) - built,
        "limited or expanded arguments that it does not take": {*pair.not_values, *pair.tuples} - built,
        "shapes of slots that do not exist": set(pair.shape_of.values()) - {slot.name for slot in pair.slots},
        "constructor arguments without a role": built - set().union(*roles),
        "constructor arguments with two roles": {name for name in built if sum(name in role for role in roles) > 1},
        "data that the module's call does not take": passed - forward,
        "arguments of the module's call without a role": forward - passed - set(pair.call_only),
    }
    return {claim: names for claim, names in claims.items() if names}


@pytest.mark.parametrize("pair", ROWS)
def test_every_argument_has_one_role(pair: Pair) -> None:
    assert faults(pair) == {}


@pytest.mark.parametrize("pair", ROWS)
def test_spellings_speak_of_the_row_and_are_in_the_index(pair: Pair) -> None:
    for spelling in pair.spellings:
        assert set(spelling.signature.names) | set(spelling.fixed) <= set(pair.function_signature.names)
        if spelling.function:
            assert pair in by_function[spelling.function]
            assert pair.spelling(spelling.function) == spelling
        else:
            assert pair in by_method[spelling.method]
            assert pair.method_spelling(spelling.method) == spelling


def test_the_row_itself_is_a_spelling() -> None:
    conv = by_module["torch.nn.Conv2d"]
    assert by_function["torch.nn.functional.conv2d"] == (conv,)
    assert conv.spelling("torch.nn.functional.conv2d").takes == conv.takes


def test_nothing_has_a_twin_and_has_none() -> None:
    assert set(one_way) & (set(by_module) | set(by_function)) == set()
    assert len(one_way) == len(ONE_WAY)
    assert all(row.reason and row.cure and row.family for row in ONE_WAY)


def test_roles_of_a_convolution() -> None:
    conv = by_module["torch.nn.Conv2d"]
    assert conv.data == ("input",)
    assert conv.shared == {name: name for name in ("stride", "padding", "dilation", "groups")}
    assert conv.solved == ("out_channels", "in_channels", "kernel_size")
    assert conv.flags == ("bias",)
    assert conv.factory == ("device", "dtype")
    assert conv.other_defaults == {}
    assert (conv.module_positional, conv.function_positional) == (3, 3)
    assert not conv.stateless


def test_roles_of_a_batch_norm() -> None:
    norm = by_module["torch.nn.BatchNorm2d"]
    assert norm.data == ("input",)
    assert norm.solved == ("num_features",)
    assert norm.flags == ("affine", "bias", "track_running_stats")
    assert norm.counter
    assert [slot.name for slot in norm.handed] == ["weight", "bias", "running_mean", "running_var"]
    assert norm.mode_default == "False"
    assert not by_module["torch.nn.InstanceNorm2d"].counter


def test_defaults_that_differ_are_found() -> None:
    assert by_module["torch.nn.Flatten"].other_defaults == {"start_dim": ("0", "1")}
    assert by_module["torch.nn.Softplus"].other_defaults == {}
    assert by_module["torch.nn.ConstantPad2d"].other_defaults == {"value": ("None", None)}


def test_data_under_another_name() -> None:
    unpool = by_module["torch.nn.MaxUnpool2d"]
    assert unpool.data == ("input", "indices", "output_size")
    assert by_module["torch.nn.PReLU"].initial == ("init",)
    assert by_module["torch.nn.CrossEntropyLoss"].stateless


def test_the_table_is_light() -> None:
    code = (
        "import sys, nnflip.convert.ops; print([m for m in ('numpy', 'torch', 'nnflip.runtime') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
