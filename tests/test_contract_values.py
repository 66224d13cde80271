"""The op table against what torch and the runtime compute: read through its row, a module is its function, bit for bit.

Every line of contract_samples.txt is a constructor and the arguments of its call; for a pair without a line they are
read off the sample that shows it. From the row alone follow the function's arguments, the shapes and first values of
all parameters, and the way back to the constructor.
"""

from __future__ import annotations

import ast
import importlib
import math
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pair_lines import samples

from nnflip.convert.calls import bind
from nnflip.convert.ops import Pair, by_function, by_module
from nnflip.convert.ops.slot import (
    Counter,
    DrawnZeros,
    Full,
    Given,
    KaimingUniform,
    Normal,
    Ones,
    Slot,
    UniformBound,
    UniformFanIn,
    XavierNormal,
    XavierUniform,
    Zeros,
)
from nnflip.convert.shapes import ShapeMismatch, evaluate, solve

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),  # advice of torch: sizes, implicit settings
]

WRITTEN = [line.split(" | ") for line in Path(__file__).with_name("contract_samples.txt").read_text().splitlines()]
UNWRITTEN = {path.rpartition(".")[2] for path in by_module} - {built.partition("(")[0] for built, _ in WRITTEN}
CASES = [*WRITTEN, *([samples()[name].built, samples()[name].called] for name in sorted(UNWRITTEN & samples().keys()))]


@pytest.fixture(scope="module", params=[pytest.param("torch", marks=pytest.mark.torch), "nnflip.runtime"])
def torch(request: pytest.FixtureRequest) -> ModuleType:
    """Real torch, and our own under the same name."""
    return pytest.importorskip("torch") if request.param == "torch" else importlib.import_module(request.param)


class Sample:
    """One line of the table, read through its row."""

    def __init__(self, torch: ModuleType, built: str, called: str) -> None:
        self.torch, self.built = torch, built
        call = ast.parse(built, mode="eval").body
        assert isinstance(call, ast.Call)
        self.pair: Pair = by_module[f"torch.nn.{ast.unparse(call.func)}"]
        scope = {"torch": torch, **{name: getattr(torch, name) for name in ("randn", "rand", "randint", "tensor")}}
        self.texts = {name: ast.unparse(node) for name, node in bind(self.pair.module_signature, call).args.items()}
        torch.manual_seed(1)
        self.settings = {name: eval(text, scope) for name, text in self.texts.items()}
        self.data: tuple[Any, ...] = eval(f"({called},)", scope)

    def module(self) -> Any:
        self.torch.manual_seed(0)
        module = getattr(self.torch.nn, self.pair.module)
        return module(54, unused=1) if self.pair.module == "Identity" else module(**self.settings)

    def setting(self, name: str) -> Any:
        default = self.pair.module_signature.default(name)
        value = self.settings[name] if name in self.settings else ast.literal_eval(str(default))
        count = self.pair.tuples.get(name)
        return (value,) * count if count and isinstance(value, (int, float)) else value

    def inputs(self) -> tuple[Any, ...]:
        """Fresh copies that record gradients where they can."""
        return tuple(
            each.clone().requires_grad_(each.is_floating_point() and name != "target")
            if hasattr(each, "clone")
            else each
            for name, each in zip(self.pair.forward_signature.names, self.data, strict=False)
        )

    def arguments(self, module: Any, inputs: tuple[Any, ...]) -> dict[str, Any]:
        """What the function must be handed, by the row alone."""
        pair = self.pair
        values = {name: self.setting(other) for name, other in pair.shared.items()}
        values |= {slot.name: tensor_of(module, slot) for slot in pair.handed}
        values |= {name: ast.literal_eval(texts[0]) for name, texts in pair.fixed.items()}
        if pair.packing:
            values[pair.packing.switch] = pair.packing.is_apart(self.texts)
        if pair.mode:
            values[pair.mode] = module.training or bool(pair.mode_needs and not self.setting(pair.mode_needs))
        backwards = {other: name for name, other in pair.call_renames.items()}
        values |= {
            backwards.get(name, name): value for name, value in zip(pair.forward_signature.names, inputs, strict=False)
        }
        return values

    def call(self, path: str, values: dict[str, Any]) -> Any:
        return resolve(self.torch, path)(**values)


def tensor_of(module: Any, slot: Slot) -> Any:
    """What a module keeps in a slot; None where it keeps nothing."""
    found = module
    for name in slot.key.split("."):
        found = getattr(found, name)
    return found


def resolve(torch: ModuleType, path: str) -> Any:
    """The object at a dotted path below torch."""
    found: Any = torch
    for part in path.split(".")[1:]:
        found = getattr(found, part)
    return found


@pytest.fixture(params=[pytest.param(case, id=case[0]) for case in CASES])
def sample(request: pytest.FixtureRequest, torch: ModuleType) -> Sample:
    return Sample(torch, *request.param)


def outcome(torch: ModuleType, module: Any, inputs: tuple[Any, ...], output: Any) -> list[Any]:
    """Outputs, gradients of inputs and parameters, and buffers afterwards."""
    outputs = list(output) if isinstance(output, tuple) else [output]
    sum((each * 1.5).sum() for each in outputs if each.requires_grad).backward()
    gradients = [each.grad for each in (*inputs, *module.parameters()) if getattr(each, "is_leaf", False)]
    buffers = [value for name, value in module.named_buffers() if name != "num_batches_tracked"]
    return [*outputs, *gradients, *buffers]


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
def test_the_function_is_the_module(sample: Sample, torch: ModuleType, training: bool) -> None:
    module, twin = sample.module().train(training), sample.module().train(training)
    inputs, copies = sample.inputs(), sample.inputs()
    torch.manual_seed(2)
    expected = outcome(torch, module, inputs, module(*inputs))
    values = sample.arguments(twin, copies)
    torch.manual_seed(2)
    output = sample.call(sample.pair.function_path, values) if sample.pair.function else values["input"] * 1
    found = outcome(torch, twin, copies, output)
    assert all(same(torch, one, other) for one, other in zip(expected, found, strict=True))
    counted = dict(module.named_buffers()).get("num_batches_tracked")
    assert counted is None or int(counted) == (training and sample.pair.counter)


def same(torch: ModuleType, one: Any, other: Any) -> bool:
    return (one is None) == (other is None) and (one is None or torch.equal(one, other))


def test_shapes_and_first_values_are_the_modules(sample: Sample, torch: ModuleType) -> None:
    pair, module = sample.pair, sample.module()
    names = [name for name, _ in (*module.named_parameters(), *module.named_buffers())]
    slots = [slot for slot in pair.fill_order if tensor_of(module, slot) is not None]
    assert [name for name in names if name in {slot.key for slot in slots}] == names
    assert names == [slot.key for slot in pair.slots if slot in slots]
    assert all(slot.given or all(sample.setting(flag) for flag in slot.when) for slot in slots)
    torch.manual_seed(0)
    made: dict[str, Any] = {}
    for slot in slots:
        made[slot.name] = first_value(sample, torch, slot, made)
        assert torch.equal(tensor_of(module, slot), made[slot.name])
        assert (slot.kind == "parameter") == isinstance(tensor_of(module, slot), torch.nn.Parameter)


@pytest.mark.parametrize("shape", ["in_channels out_channels/groups *kernel_size", "out_channels in_channels"])
def test_a_shape_that_is_wrong_is_noticed(torch: ModuleType, shape: str) -> None:
    sample = Sample(torch, "Conv2d(3, 4, 3)", "randn(2, 3, 5, 5)")
    weight, *others = sample.pair.slots
    sample.pair = replace(sample.pair, slots=(replace(weight, shape=shape), *others))
    with pytest.raises((AssertionError, ShapeMismatch)):
        test_shapes_and_first_values_are_the_modules(sample, torch)
    with pytest.raises((AssertionError, ShapeMismatch)):
        test_sizes_are_read_off_the_shapes(sample)


def first_value(sample: Sample, torch: ModuleType, slot: Slot, made: dict[str, Any]) -> Any:
    """What the row says a slot begins with."""
    sizes = {
        name: str(sample.setting(name))
        for name in (*sample.pair.solved, "groups")
        if name in sample.pair.module_signature
    }
    if sample.pair.packing:
        sizes = sample.pair.packing.settled(sizes)
    axes = evaluate(slot.shape, sizes, spatial=sample.pair.spatial)
    value = torch.empty(tuple(math.prod(map(int, axis.split(" * "))) for axis in axes))
    match slot.init:
        case Given():
            return sample.settings[slot.name]
        case Counter():
            return torch.tensor(0, dtype=torch.long)
        case Zeros():
            return value.zero_()
        case Ones():
            return value.fill_(1)
        case Full(argument):
            return value.fill_(sample.setting(argument))
        case KaimingUniform():
            return torch.nn.init.kaiming_uniform_(value, a=math.sqrt(5))
        case XavierUniform():
            return torch.nn.init.xavier_uniform_(value)
        case XavierNormal():
            return torch.nn.init.xavier_normal_(value)
        case DrawnZeros(of):
            value.uniform_()
            return value.zero_()
        case UniformFanIn(of):
            fan_in = made[of][0].numel()
            return value.uniform_(-1 / math.sqrt(fan_in), 1 / math.sqrt(fan_in))
        case UniformBound(size):
            bound = 1 / math.sqrt(int(sizes[size]))
            return value.uniform_(-bound, bound)
        case Normal(zero_row):
            value.normal_()
            if sample.setting(zero_row) is not None:
                value[sample.setting(zero_row)] = 0
            return value
    raise AssertionError(slot.init)


def test_sizes_are_read_off_the_shapes(sample: Sample) -> None:
    module = sample.module()
    known = {"groups": str(sample.setting("groups"))} if "groups" in sample.pair.module_signature else {}
    for slot in sample.pair.handed:
        tensor = tensor_of(module, slot)
        if tensor is not None and not slot.given:
            axes = [str(size) for size in tensor.shape]
            known |= solve(slot.shape, axes, known, spatial=sample.pair.spatial)
    if sample.pair.packing:
        same = {name: size for name, size in sample.pair.packing.sizes.items() if known.get(name) == known[size]}
        known = {name: text for name, text in known.items() if name not in same}
    for name, text in known.items():
        assert ast.literal_eval(text) in (sample.settings.get(name), sample.setting(name))


def test_other_spellings_compute_the_same(sample: Sample, torch: ModuleType) -> None:
    for spelling in sample.pair.spellings:
        values = sample.arguments(sample.module(), sample.inputs())
        values = {name: value for name, value in values.items() if name in spelling.signature}
        fixed = {name: ast.literal_eval(text) for name, text in spelling.fixed.items()}
        first = spelling.signature.names[0]
        torch.manual_seed(2)
        expected = sample.call(sample.pair.function_path, {**values, **fixed, first: values[first] * 1})
        passed = [values[name] for name in spelling.signature.positional if name in values]
        passed[0] = passed[0] * 1  # no leaf: it may be changed in place
        torch.manual_seed(2)
        found = resolve(torch, spelling.function or f"torch.Tensor.{spelling.method}")(*passed)
        together = zip(expected, found, strict=True) if isinstance(expected, tuple) else [(expected, found)]
        assert all(torch.equal(one, other) for one, other in together), spelling


def test_every_row_has_a_sample() -> None:
    assert {case[0].partition("(")[0] for case in CASES} == {path.rpartition(".")[2] for path in by_module}
    assert by_function
