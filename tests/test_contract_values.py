"""The op table against what torch computes: read through its row, a module is its function, bit for bit.

Every sample is a constructor, as text, and the arguments of its call. From the row alone follow the function's
arguments, the shapes and first values of all parameters, and the way back to the constructor.
"""

from __future__ import annotations

import ast
import math
from types import ModuleType
from typing import Any

import pytest

from nnflip.convert.calls import bind
from nnflip.convert.ops import Pair, by_function, by_module
from nnflip.convert.ops.slot import (
    Counter,
    Full,
    Given,
    KaimingUniform,
    Normal,
    Ones,
    Slot,
    UniformBound,
    UniformFanIn,
    Zeros,
)
from nnflip.convert.shapes import evaluate, solve

pytestmark = [
    pytest.mark.torch,
    pytest.mark.filterwarnings("ignore:.*deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),  # advice of torch: sizes, implicit settings
]

SAMPLES = """
Linear(5, 3) | randn(2, 5)
Linear(5, 3, bias=False) | randn(2, 4, 5)
Bilinear(3, 4, 5) | randn(2, 3), randn(2, 4)
Identity(54, unused=1) | randn(2, 3)
Embedding(7, 3) | randint(0, 7, (2, 4))
Embedding(7, 3, padding_idx=2, max_norm=0.5) | randint(0, 7, (2, 4))
EmbeddingBag(7, 3) | randint(0, 7, (2, 4))
EmbeddingBag(7, 3, mode='sum', padding_idx=1, include_last_offset=True) | randint(0, 7, (6,)), tensor([0, 2, 6])
Conv1d(4, 6, 3, 2, groups=2) | randn(2, 4, 9)
Conv2d(3, 4, (3, 5), padding='same', dilation=2) | randn(2, 3, 8, 8)
Conv2d(3, 4, 3, 2, 1, bias=False) | randn(3, 8, 8)
Conv3d(2, 3, 2) | randn(2, 2, 4, 4, 4)
ConvTranspose1d(4, 6, 3, stride=2, output_padding=1, groups=2) | randn(2, 4, 5)
ConvTranspose2d(3, 4, 3, 2, 1, 1, 1, False, 2) | randn(2, 3, 5, 5)
ConvTranspose3d(2, 3, 2) | randn(2, 2, 3, 3, 3)
BatchNorm1d(3) | randn(4, 3)
BatchNorm1d(3, affine=False) | randn(4, 3, 5)
BatchNorm2d(3, 0.8, momentum=0.3, bias=False) | randn(2, 3, 4, 4)
BatchNorm2d(3, track_running_stats=False) | randn(2, 3, 4, 4)
BatchNorm3d(3) | randn(2, 3, 2, 2, 2)
InstanceNorm1d(3) | randn(4, 3, 5)
InstanceNorm2d(3, affine=True, track_running_stats=True) | randn(2, 3, 4, 4)
InstanceNorm3d(3, affine=True, bias=False) | randn(2, 3, 2, 2, 2)
LayerNorm(5) | randn(2, 5)
LayerNorm((4, 5), bias=False) | randn(2, 4, 5)
LayerNorm(5, elementwise_affine=False) | randn(2, 5)
GroupNorm(2, 4, affine=True, bias=False) | randn(2, 4, 3)
RMSNorm(5) | randn(2, 5)
RMSNorm((4, 5), 0.1) | randn(2, 4, 5)
LocalResponseNorm(2, k=2.0) | randn(2, 4, 3, 3)
MaxPool1d(2) | randn(2, 3, 8)
MaxPool2d(3, 2, 1, 1, True, True) | randn(2, 3, 8, 8)
MaxPool3d(2) | randn(1, 2, 4, 4, 4)
AvgPool1d(2, padding=1, count_include_pad=False) | randn(2, 3, 8)
AvgPool2d((2, 3), divisor_override=5) | randn(2, 3, 8, 8)
AvgPool3d(2, ceil_mode=True) | randn(1, 2, 5, 5, 5)
LPPool1d(2, 3) | rand(2, 3, 8)
LPPool2d(1.2, 2, stride=1) | rand(2, 3, 8, 8)
LPPool3d(3, 2, ceil_mode=True) | rand(1, 2, 5, 5, 5)
AdaptiveAvgPool1d(3) | randn(2, 3, 8)
AdaptiveAvgPool2d((None, 3)) | randn(2, 3, 8, 8)
AdaptiveAvgPool3d(2) | randn(1, 2, 5, 5, 5)
AdaptiveMaxPool1d(3, True) | randn(2, 3, 8)
AdaptiveMaxPool2d((4, 3)) | randn(2, 3, 8, 8)
AdaptiveMaxPool3d(2) | randn(1, 2, 5, 5, 5)
FractionalMaxPool2d(2, output_ratio=0.5) | randn(2, 3, 8, 8)
FractionalMaxPool2d(3, (4, 3), _random_samples=torch.full((2, 3, 2), 0.3)) | randn(2, 3, 8, 8)
FractionalMaxPool3d(2, output_size=3, return_indices=True) | randn(1, 2, 6, 6, 6)
MaxUnpool1d(2) | randn(1, 2, 2), tensor([[[0, 3], [1, 2]]])
MaxUnpool2d(2, 2) | randn(1, 1, 1, 2), tensor([[[[0, 3]]]]), [3, 4]
MaxUnpool3d(2) | randn(1, 1, 1, 1, 2), tensor([[[[[0, 3]]]]])
ZeroPad1d(2) | randn(1, 2, 5)
ZeroPad2d((1, 2, 0, 1)) | randn(1, 2, 5, 5)
ZeroPad3d(1) | randn(1, 2, 3, 3, 3)
ConstantPad1d(2, 0.5) | randn(1, 2, 5)
ConstantPad2d((1, 2, 0, -1), 3) | randn(1, 2, 5, 5)
ConstantPad3d(1, 1) | randn(1, 2, 3, 3, 3)
ReflectionPad1d(2) | randn(1, 2, 5)
ReflectionPad2d((1, 2, 0, 1)) | randn(1, 2, 5, 5)
ReflectionPad3d(1) | randn(1, 2, 3, 3, 3)
ReplicationPad1d(2) | randn(1, 2, 5)
ReplicationPad2d((1, 2, 0, 1)) | randn(1, 2, 5, 5)
ReplicationPad3d(1) | randn(1, 2, 3, 3, 3)
CircularPad1d(2) | randn(1, 2, 5)
CircularPad2d((1, 2, 0, 1)) | randn(1, 2, 5, 5)
CircularPad3d(1) | randn(1, 2, 3, 3, 3)
ReLU() | randn(4, 5)
ReLU6(False) | 9 * randn(4, 5)
SELU() | randn(4, 5)
SiLU() | randn(4, 5)
Mish() | randn(4, 5)
Hardsigmoid() | 3 * randn(4, 5)
Hardswish() | 3 * randn(4, 5)
Sigmoid() | randn(4, 5)
Tanh() | randn(4, 5)
LogSigmoid() | randn(4, 5)
Softsign() | randn(4, 5)
Tanhshrink() | randn(4, 5)
ELU(0.7) | randn(4, 5)
CELU(0.7) | randn(4, 5)
LeakyReLU(0.3) | randn(4, 5)
Threshold(0.1, 20) | randn(4, 5)
Hardshrink(0.3) | randn(4, 5)
Softshrink(lambd=0.3) | randn(4, 5)
GLU(0) | randn(4, 5)
Softplus(2, threshold=1) | randn(4, 5)
GELU('tanh') | randn(4, 5)
Hardtanh(-0.5, 2) | randn(4, 5)
PReLU() | randn(4, 5)
PReLU(5, init=0.5) | randn(4, 5)
RReLU(0.1, 0.9) | randn(4, 5)
Softmax(dim=1) | randn(4, 5)
LogSoftmax(-1) | randn(4, 5)
Softmin(0) | randn(4, 5)
Softmax2d() | randn(2, 3, 4, 4)
Dropout(0.3) | randn(4, 50)
Dropout1d() | randn(4, 5, 3)
Dropout2d() | randn(4, 5, 3, 3)
Dropout3d() | randn(4, 5, 2, 2, 2)
AlphaDropout(0.2) | randn(4, 50)
FeatureAlphaDropout() | randn(4, 5, 3, 3)
Flatten() | randn(2, 3, 4)
Flatten(0, 1) | randn(2, 3, 4)
Unflatten(1, (2, 3)) | randn(2, 6)
PixelShuffle(2) | randn(2, 8, 3, 3)
PixelUnshuffle(2) | randn(2, 3, 4, 4)
ChannelShuffle(2) | randn(2, 4, 3, 3)
Unfold((2, 3), padding=1) | randn(2, 3, 5, 5)
Fold((4, 5), (2, 2), stride=1) | randn(2, 12, 12)
Upsample(scale_factor=2) | randn(1, 2, 3, 3)
Upsample((5, 7), mode='bicubic', align_corners=True) | randn(1, 2, 3, 3)
UpsamplingNearest2d(scale_factor=2) | randn(1, 2, 3, 3)
UpsamplingBilinear2d((5, 7)) | randn(1, 2, 3, 3)
CosineSimilarity(0) | randn(4, 5), randn(4, 5)
PairwiseDistance(1, keepdim=True) | randn(4, 5), randn(4, 5)
BCELoss(weight=torch.rand(5)) | rand(4, 5), rand(4, 5)
BCEWithLogitsLoss(pos_weight=torch.rand(5), reduction='sum') | randn(4, 5), rand(4, 5)
CrossEntropyLoss(torch.rand(5), label_smoothing=0.1) | randn(4, 5), randint(0, 5, (4,))
CrossEntropyLoss(ignore_index=1, reduction='none') | randn(4, 5), randint(0, 5, (4,))
NLLLoss() | randn(4, 5), randint(0, 5, (4,))
NLLLoss2d() | randn(2, 3, 4, 4), randint(0, 3, (2, 4, 4))
MultiLabelMarginLoss() | randn(2, 4), tensor([[3, 0, -1, 1], [0, -1, 1, 2]])
MultiLabelSoftMarginLoss() | randn(4, 5), randint(0, 2, (4, 5)) * 1.0
MultiMarginLoss(2, weight=torch.rand(5)) | randn(4, 5), randint(0, 5, (4,))
SmoothL1Loss(beta=0.3) | randn(4, 5), randn(4, 5)
SoftMarginLoss() | randn(4, 5), randint(0, 2, (4, 5)) * 2.0 - 1
HingeEmbeddingLoss(0.5) | randn(4, 5), randint(0, 2, (4, 5)) * 2 - 1
KLDivLoss(reduction='batchmean', log_target=True) | randn(4, 5), randn(4, 5)
CosineEmbeddingLoss(0.2) | randn(4, 5), randn(4, 5), tensor([1, -1, 1, -1])
MarginRankingLoss(0.2) | randn(4), randn(4), tensor([1, -1, 1, -1])
TripletMarginLoss(swap=True) | randn(4, 5), randn(4, 5), randn(4, 5)
CTCLoss(zero_infinity=True) | randn(9, 2, 4).log_softmax(2), randint(1, 4, (2, 3)), tensor([9, 9]), tensor([3, 2])
L1Loss(reduction='sum') | randn(4, 5), randn(4, 5)
MSELoss() | randn(4, 5), randn(4, 5)
HuberLoss(delta=0.3) | randn(4, 5), randn(4, 5)
PoissonNLLLoss(full=True) | randn(4, 5), rand(4, 5) * 4
GaussianNLLLoss(full=True) | randn(4, 5), randn(4, 5), rand(4, 5)
TripletMarginWithDistanceLoss(margin=0.7) | randn(4, 5), randn(4, 5), randn(4, 5)
"""
CASES = [line.split(" | ") for line in SAMPLES.strip().splitlines()]


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
        values |= {slot.name: getattr(module, slot.name) for slot in pair.handed}
        values |= {name: ast.literal_eval(texts[0]) for name, texts in pair.fixed.items()}
        if pair.mode:
            values[pair.mode] = module.training or bool(pair.mode_needs and not self.setting(pair.mode_needs))
        backwards = {other: name for name, other in pair.call_renames.items()}
        values |= {
            backwards.get(name, name): value for name, value in zip(pair.forward_signature.names, inputs, strict=False)
        }
        return values

    def call(self, path: str, values: dict[str, Any]) -> Any:
        return resolve(self.torch, path)(**values)


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
    gradients = [each.grad for each in (*inputs, *module.parameters()) if hasattr(each, "grad")]
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
    slots = [slot for slot in pair.slots if getattr(module, slot.name) is not None]
    assert sorted(names) == sorted(slot.name for slot in slots)
    assert all(slot.given or all(sample.setting(flag) for flag in slot.when) for slot in slots)
    torch.manual_seed(0)
    made: dict[str, Any] = {}
    for slot in slots:
        made[slot.name] = first_value(sample, torch, slot, made)
        assert torch.equal(getattr(module, slot.name), made[slot.name])
        assert (slot.kind == "parameter") == isinstance(getattr(module, slot.name), torch.nn.Parameter)


def first_value(sample: Sample, torch: ModuleType, slot: Slot, made: dict[str, Any]) -> Any:
    """What the row says a slot begins with."""
    sizes = {
        name: str(sample.setting(name))
        for name in (*sample.pair.solved, "groups")
        if name in sample.pair.module_signature
    }
    axes = evaluate(slot.shape, sizes, spatial=sample.pair.spatial)
    value = torch.empty(tuple(int(axis) for axis in axes))
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
        tensor = getattr(module, slot.name)
        if tensor is not None and not slot.given:
            axes = [str(size) for size in tensor.shape]
            known |= solve(slot.shape, axes, known, spatial=sample.pair.spatial)
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
