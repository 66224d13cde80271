"""True pairs are proven; every miscompilation is rejected, on both backends."""

from __future__ import annotations

import pytest

from nnflip.convert.outcome import StateMove

MODULE = """\
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.bn = nn.BatchNorm2d(8, eps=1e-3, momentum=0.2)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1, dilation=1, groups=2)
        self.act = nn.GELU()
        self.drop = nn.Dropout(0.25)
        self.pool = nn.AvgPool2d(3, 2, padding=1, ceil_mode=True)
        self.slope = nn.LeakyReLU(0.2)
        self.norm = nn.LayerNorm(8)
        self.fc1 = nn.Linear(8, 8)
        self.fc2 = nn.Linear(8, 4)

    def forward(self, x):
        x = self.act(self.bn(self.conv1(x)))
        x = self.slope(self.conv2(x))
        x = self.pool(x).mean((2, 3))
        x = self.norm(x)
        x = self.drop(torch.tanh(self.fc1(x)))
        return F.log_softmax(self.fc2(x), dim=1)
"""

FUNCTION = """\
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1_weight = nn.Parameter(torch.empty(8, 3, 3, 3).uniform_(-1, 1))
        self.conv1_bias = nn.Parameter(torch.zeros(8))
        self.bn_weight = nn.Parameter(torch.ones(8))
        self.bn_bias = nn.Parameter(torch.zeros(8))
        self.register_buffer("bn_running_mean", torch.zeros(8))
        self.register_buffer("bn_running_var", torch.ones(8))
        self.conv2_weight = nn.Parameter(torch.empty(8, 4, 3, 3).uniform_(-1, 1))
        self.conv2_bias = nn.Parameter(torch.zeros(8))
        self.norm_weight = nn.Parameter(torch.ones(8))
        self.norm_bias = nn.Parameter(torch.zeros(8))
        self.fc1_weight = nn.Parameter(torch.empty(8, 8).uniform_(-1, 1))
        self.fc1_bias = nn.Parameter(torch.zeros(8))
        self.fc2_weight = nn.Parameter(torch.empty(4, 8).uniform_(-1, 1))
        self.fc2_bias = nn.Parameter(torch.zeros(4))

    def forward(self, x):
        x = F.conv2d(x, self.conv1_weight, self.conv1_bias, 2, 1)
        x = F.batch_norm(x, self.bn_running_mean, self.bn_running_var, self.bn_weight, self.bn_bias,
                         self.training, 0.2, 1e-3)
        x = F.gelu(x)
        x = F.leaky_relu(F.conv2d(x, self.conv2_weight, self.conv2_bias, 1, 1, 1, 2), 0.2)
        x = F.avg_pool2d(x, 3, 2, 1, True).mean((2, 3))
        x = F.layer_norm(x, (8,), self.norm_weight, self.norm_bias)
        x = F.dropout(torch.tanh(F.linear(x, self.fc1_weight, self.fc1_bias)), 0.25, self.training)
        return F.log_softmax(F.linear(x, self.fc2_weight, self.fc2_bias), dim=1)
"""

LAYERS = {"conv1": 2, "bn": 4, "conv2": 2, "norm": 2, "fc1": 2, "fc2": 2}
KEYS = ("weight", "bias", "running_mean", "running_var")
STATE_MAP = {"Net": {f"{layer}.{key}": StateMove(f"{layer}_{key}") for layer, n in LAYERS.items() for key in KEYS[:n]}}

MUTANTS = {
    "wrong stride": ("self.conv1_bias, 2, 1", "self.conv1_bias, 1, 1"),
    "padding lost": ("self.conv1_bias, 2, 1", "self.conv1_bias, 2"),
    "dilation": ("1, 1, 1, 2), 0.2", "1, 2, 2, 2), 0.2"),
    "groups permuted": ("leaky_relu(F.conv2d(x,", "leaky_relu(F.conv2d(x.flip(1),"),
    "swapped weights": ("F.linear(x, self.fc1_weight, self.fc1_bias)", "F.linear(x, self.fc1_weight, self.norm_bias)"),
    "transposed weight": ("F.linear(x, self.fc1_weight,", "F.linear(x, self.fc1_weight.t(),"),
    "bias dropped": ("self.fc2_weight, self.fc2_bias)", "self.fc2_weight)"),
    "conv bias dropped": ("self.conv1_bias, 2, 1", "None, 2, 1"),
    "dropout always on": ("0.25, self.training", "0.25"),
    "dropout always off": ("0.25, self.training", "0.25, False"),
    "dropout p": ("0.25, self.training", "0.5, self.training"),
    "running stats not updated": (
        "F.batch_norm(x, self.bn_running_mean, self.bn_running_var,",
        "F.batch_norm(x, self.bn_running_mean.clone(), self.bn_running_var.clone(),",
    ),
    "batch norm always training": ("self.training, 0.2, 1e-3", "True, 0.2, 1e-3"),
    "batch norm never training": ("self.training, 0.2, 1e-3", "False, 0.2, 1e-3"),
    "momentum": ("self.training, 0.2, 1e-3", "self.training, 0.1, 1e-3"),
    "eps": ("self.training, 0.2, 1e-3", "self.training, 0.2, 1e-5"),
    "layer norm eps": ("self.norm_weight, self.norm_bias)", "self.norm_weight, self.norm_bias, 1e-4)"),
    "affine lost": ("self.norm_weight, self.norm_bias)", "None, self.norm_bias)"),
    "gelu approximate": ("F.gelu(x)", "F.gelu(x, approximate='tanh')"),
    "another activation": ("F.gelu(x)", "F.silu(x)"),
    "negative slope": ("1, 2), 0.2)", "1, 2))"),
    "ceil mode": ("3, 2, 1, True)", "3, 2, 1)"),
    "count include pad": ("3, 2, 1, True)", "3, 2, 1, True, False)"),
    "max for average": ("F.avg_pool2d(x, 3, 2, 1, True)", "F.max_pool2d(x, 3, 2, 1, 1, True)"),
    "softmax dim": ("dim=1", "dim=0"),
    "log lost": ("F.log_softmax", "F.softmax"),
    "weight detached": ("F.linear(x, self.fc2_weight,", "F.linear(x, self.fc2_weight.detach(),"),
    "weight by data": ("F.linear(x, self.fc2_weight,", "F.linear(x, self.fc2_weight.data,"),
    "input detached": ("F.conv2d(x, self.conv1_weight", "F.conv2d(x.detach(), self.conv1_weight"),
    "no gradient": ("        x = F.gelu(x)", "        with torch.no_grad():\n            x = F.gelu(x)"),
    "input changed in place": ("    def forward(self, x):", "    def forward(self, x):\n        x.mul_(1.5)"),
    "order of layers": ("F.dropout(torch.tanh(F.linear(x, self.fc1_weight, self.fc1_bias)), 0.25, self.training)",
                        "torch.tanh(F.dropout(F.linear(x, self.fc1_weight, self.fc1_bias), 0.25, self.training))"),
    "another dtype": ("return F.log_softmax(F.linear(x, self.fc2_weight, self.fc2_bias), dim=1)",
                      "return F.log_softmax(F.linear(x, self.fc2_weight, self.fc2_bias), dim=1).double()"),
    "another structure": ("return F.log_softmax(F.linear(x, self.fc2_weight, self.fc2_bias), dim=1)",
                          "return (F.log_softmax(F.linear(x, self.fc2_weight, self.fc2_bias), dim=1),)"),
    "another shape": ("return F.log_softmax(F.linear(x, self.fc2_weight, self.fc2_bias), dim=1)",
                      "return F.log_softmax(F.linear(x, self.fc2_weight, self.fc2_bias), dim=1)[None]"),
    "nothing returned": ("return F.log_softmax(", "F.log_softmax("),
    "raises": ("return F.log_softmax(", "raise RuntimeError\n        return F.log_softmax("),
    "frozen": (".ones(8))\n        self.norm_bias", ".ones(8), requires_grad=False)\n        self.norm_bias"),
    "parameter is a buffer": (
        "self.fc2_bias = nn.Parameter(torch.zeros(4))",
        "self.register_buffer('fc2_bias', torch.zeros(4))",
    ),
}  # fmt: skip


def test_a_true_pair_is_proven(verified):
    result = verified(MODULE, FUNCTION, STATE_MAP)
    model = result.models[0]
    assert (result.verdict, model.reason, model.train.trace, model.eval.trace) == (
        "proven",
        "",
        "identical",
        "identical",
    )


def test_a_true_pair_is_proven_the_other_way(verified_on_numpy):
    back = {"Net": {move.key: StateMove(key) for key, move in STATE_MAP["Net"].items()}}
    assert verified_on_numpy(FUNCTION, MODULE, back).verdict == "proven"


def test_a_file_is_proven_equal_to_itself(verified_on_numpy):
    assert verified_on_numpy(MODULE, MODULE).verdict == "proven"


@pytest.mark.parametrize("name", MUTANTS)
def test_a_miscompilation_is_rejected(verified_on_numpy, name):
    reject(verified_on_numpy, name)


@pytest.mark.parametrize("name", ["groups permuted", "eps", "weight by data"])
def test_a_miscompilation_is_rejected_under_torch(verified_on_torch, name):
    reject(verified_on_torch, name)


def reject(verified, name):
    old, new = MUTANTS[name]
    assert FUNCTION.count(old) == 1
    result = verified(MODULE, FUNCTION.replace(old, new), STATE_MAP, seeds=(0,))
    assert result.verdict == "different", result.models[0].reason


CAUSES = {
    "padding lost": "padding lost in B",
    "transposed weight": "weight is transposed in B",
    "bias dropped": "bias dropped in B: fc2.bias",
    "swapped weights": "swapped: fc1.bias in A, norm.bias in B",
    "dropout always on": "dropout active in eval in B",
    "batch norm always training": "batch_norm uses the statistics of the batch in eval in B",
    "running stats not updated": "a buffer is not updated",
    "momentum": "momentum 0.2 against 0.1",
    "eps": "eps 0.001 against 1e-05",
    "another activation": "silu in place of gelu",
    "order of layers": "order of operations",
    "weight by data": "gradient detached in B",
    "frozen": "a parameter is frozen in one of them",
}


@pytest.mark.parametrize("name", CAUSES)
def test_the_cause_is_guessed(verified_on_numpy, name):
    model = verified_on_numpy(MODULE, FUNCTION.replace(*MUTANTS[name]), STATE_MAP, seeds=(0,)).models[0]
    assert model.code == "NF401"
    assert model.first_divergence is not None
    assert model.first_divergence.guess.startswith(CAUSES[name])


def test_what_float32_hides_shows_in_float64(verified_on_numpy):
    model = verified_on_numpy(FUNCTION, FUNCTION.replace("x = F.gelu(x)", "x = F.gelu(x) + 1e-6 * x"), close_ok=True)
    assert model.verdict == "different"


def test_equal_by_another_calculation_is_equal_and_not_proven(verified_on_numpy):
    other = FUNCTION.replace("x = F.gelu(x)", "x = F.gelu(x) * 1.0")
    result = verified_on_numpy(FUNCTION, other, seeds=(0,))
    assert (result.verdict, result.models[0].eval.outputs) == ("equal", "identical")


def test_close_is_different_unless_allowed(verified_on_numpy):
    other = FUNCTION.replace("x = F.gelu(x)", "x = (F.gelu(x) * 3.0) / 3.0")
    assert verified_on_numpy(FUNCTION, other, seeds=(0,)).verdict == "different"
    allowed = verified_on_numpy(FUNCTION, other, seeds=(0,), close_ok=True)
    assert (allowed.verdict, allowed.models[0].eval.outputs) == ("equal", "close")


def test_dropout_left_on_differs_in_eval_only_at_its_line(verified):
    wrong = FUNCTION.replace("0.25, self.training", "0.25")
    model = verified(MODULE, wrong, STATE_MAP, seeds=(0,)).models[0]
    line = 1 + wrong[: wrong.index("F.dropout")].count("\n")
    assert (model.reason, model.train.outputs, model.eval.outputs) == ("in eval only", "identical", "different")
    assert model.first_divergence is not None
    assert (model.first_divergence.b_line, model.first_divergence.mode) == (line, "eval")


def test_the_first_divergence_names_lines_argument_and_size(verified):
    model = verified(MODULE, FUNCTION.replace("1, 2), 0.2)", "1, 2), 0.1)"), STATE_MAP, seeds=(0,)).models[0]
    found = model.first_divergence
    assert found is not None
    assert (found.a_line, found.b_line) == (22, 29)
    assert "leaky_relu" in found.what
    assert "0.2 in A and 0.1 in B" in found.what
    assert found.max_abs > 0


def test_another_size_shows_what_the_first_hides(verified_on_numpy):
    pooled = """\
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3, padding=1)
        self.pool = nn.MaxPool2d(2, ceil_mode=True)

    def forward(self, x):
        return self.pool(self.conv(x))
"""
    assert verified_on_numpy(pooled, pooled.replace(", ceil_mode=True", "")).verdict == "different"


TIED = """\
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner, self.outer = nn.Linear(4, 4), nn.Linear(4, 4)
        self.outer.weight = self.inner.weight

    def forward(self, x):
        return self.outer(self.inner(x))
"""


def test_a_broken_tie_is_different(verified_on_numpy):
    model = verified_on_numpy(TIED, TIED.replace("self.outer.weight =", "unused =")).models[0]
    assert (model.verdict, "shared" in model.reason) == ("different", True)
    assert verified_on_numpy(TIED, TIED).verdict == "proven"


def test_outputs_that_are_all_nan_prove_nothing(verified_on_numpy):
    empty = TIED.replace("return ", "return float('nan') * ")
    other = empty.replace("(x))", "(x * 1.0))")
    assert verified_on_numpy(empty, other).models[0].reason == "every output is NaN"


def test_a_branch_on_numbers_is_never_proven(verified_on_numpy):
    branch = TIED.replace("        return", "        if x.sum() > 0:\n            x = -x\n        return")
    assert verified_on_numpy(branch, branch).verdict == "equal"
