"""Inputs and constructor arguments nobody gave are found by solving the model's own constraints."""

from __future__ import annotations

import pytest

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n"

ARTICLE = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 16, 5), nn.Conv2d(16, 32, 5)
        self.fc = nn.Linear(4 * 4 * 32, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(x.{flatten})
"""


def layers(made: str, forward: str, arguments: str = "x", init: str = "") -> str:
    return f"""\
class Net(nn.Module):
    def __init__(self{init}):
        super().__init__()
        {made}

    def forward(self, {arguments}):
        {forward}
"""


MODELS = {
    "an image size by features": (ARTICLE.format(flatten="view(x.size(0), -1)"), ["float32[2,1,28,28]"]),
    "an image size by a view that would change the batch": (
        ARTICLE.format(flatten="view(-1, 512)"),
        ["float32[2,1,28,28]"],
    ),
    "an image size by a view with the batch": (ARTICLE.format(flatten="view(x.size(0), 512)"), ["float32[2,1,28,28]"]),
    "weights of the functional kind": (
        layers("self.w = nn.Parameter(torch.rand(8, 4, 3, 3))", "return F.conv2d(x, self.w, groups=2)"),
        ["float32[2,8,32,32]"],
    ),
    "a sequence": (
        layers("self.c, self.f = nn.Conv1d(4, 8, 3), nn.Linear(98, 2)", "return self.f(F.relu(self.c(x)))"),
        ["float32[2,4,100]"],
    ),
    "a volume": (layers("self.c = nn.Conv3d(1, 2, 3)", "return self.c(x)"), ["float32[2,1,16,16,16]"]),
    "a transposed convolution": (
        layers("self.c = nn.ConvTranspose2d(6, 3, 2)", "return self.c(x)"),
        ["float32[2,6,32,32]"],
    ),
    "a list of tensors that are joined": (
        layers("self.c = nn.Conv2d(8, 4, 3)", "return self.c(torch.cat(xs, 1))", "xs"),
        ["[float32[2,4,32,32], float32[2,4,32,32]]"],
    ),
    "a pair of pictures": (
        layers(
            "self.c, self.n = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)",
            "a, b = pair\n        return self.n(self.c(a) + self.c(b))",
            "pair",
        ),
        ["[float32[2,3,32,32], float32[2,3,32,32]]"],
    ),
    "a picture whose points lie in a row": (
        layers(
            "self.c = nn.Conv2d(8, 8, 3, groups=8)",
            "B, N, C = x.shape\n        return self.c(x.transpose(1, 2).reshape(B, C, H, W))",
            "x, H, W",
        ),
        ["float32[2,16,8]", "4", "4"],
    ),
    "numbers by annotation": (
        layers(
            "self.f = nn.Linear(7, 3)",
            "return self.f(x).expand(n, -1, -1) * by if not flag else x",
            "x, n: int, by: float, flag: 'bool'",
        ),
        ["float32[2,7]", "4", "0.5", "False"],
    ),
    "three of them": (
        layers("self.f = nn.Linear(7, 3)", "a, b, c = each\n        return self.f(a * b + c)", "each"),
        ["[float32[2,7,7], float32[2,7,7], float32[2,7,7]]"],
    ),
    "features": (layers("self.f = nn.Linear(7, 3)", "return self.f(x)"), ["float32[2,7]"]),
    "features turned": (
        layers("self.w = nn.Parameter(torch.rand(7, 3))", "return x @ self.w"),
        ["float32[2,7]"],
    ),
    "features after flattening": (
        layers("self.f = nn.Linear(784, 3)", "return self.f(x.view(-1, 28 * 28))"),
        ["float32[2,784]"],
    ),
    "token indices": (
        layers("self.e, self.f = nn.Embedding(11, 6), nn.Linear(6, 2)", "return self.f(self.e(x).mean(1))"),
        ["int64[2,6]<11"],
    ),
    "token indices of the functional kind": (
        layers("self.table = nn.Parameter(torch.rand(11, 6))", "return F.embedding(x, self.table)"),
        ["int64[2,6]<11"],
    ),
    "two inputs": (
        layers("self.f = nn.Bilinear(4, 5, 3)", "return self.f(a, b)", "a, b"),
        ["float32[2,4,4]", "float32[2,4,5]"],
    ),
    "two inputs of one shape": (
        layers("self.f = nn.Linear(4, 3)", "return self.f(a) + self.f(b)", "a, b"),
        ["float32[2,4]", "float32[2,4]"],
    ),
    "a loss": (
        layers("self.scale = 2.0", "return F.nll_loss(F.log_softmax(x, 1), target) * self.scale", "x, target"),
        ["float32[2,16]", "int64[2]<16"],
    ),
    "no parameters, two dimensions unpacked": (
        layers("pass", "b, c, h, w = x.shape\n        return x.reshape(b, c * h, w)"),
        ["float32[2,3,32,32]"],
    ),
    "batch norm first": (layers("self.bn = nn.BatchNorm2d(5)", "return self.bn(x)"), ["float32[2,5,32,32]"]),
    "batch norm of features": (layers("self.bn = nn.BatchNorm1d(5)", "return self.bn(x)"), ["float32[2,5]"]),
    "layer norm": (layers("self.n = nn.LayerNorm(6)", "return self.n(x)"), ["float32[2,6]"]),
    "position table": (
        layers(
            "self.c = nn.Conv2d(3, 8, 8, 8); self.pos = nn.Parameter(torch.zeros(1, 36, 8))",
            "return self.c(x).flatten(2).transpose(1, 2) + self.pos",
        ),
        ["float32[2,3,48,48]"],
    ),
    "constructor arguments": (
        layers("self.c = nn.Conv2d(in_channels, 4, 3)", "return self.c(x)", init=", in_channels, unused=3"),
        ["float32[2,8,32,32]"],
    ),
}

CONVENTION = (
    layers("self.f = nn.Linear(size, 2)", "return self.f(x) * factor", "x, factor", ", size")
    + "\n\ndef get_init_inputs():\n    return [9]\n\n\ndef get_inputs():\n    return [torch.rand(5, 9), 3]\n"
)


@pytest.mark.parametrize("name", MODELS)
def test_inputs_are_inferred(verified_on_numpy, name):
    find(verified_on_numpy, name)


@pytest.mark.parametrize("name", ["an image size by features", "token indices", "a loss"])
def test_inputs_are_inferred_under_torch(verified_on_torch, name):
    find(verified_on_torch, name)


def find(verified, name):
    source, expected = MODELS[name]
    model = verified(HEAD + source, HEAD + source, seeds=(0, 1)).models[0]
    assert (model.verdict, model.reason) == ("proven", "")
    assert list(model.used["inputs"].values()) == expected


def test_the_file_itself_may_say(verified_on_numpy):
    model = verified_on_numpy(HEAD + CONVENTION, HEAD + CONVENTION).models[0]
    assert (model.verdict, model.used["inputs_by"]) == ("proven", "get_inputs")
    assert list(model.used["inputs"].values()) == ["float32[5,9]", "3"]


def test_arguments_that_take_no_input_give_way_to_others(verified_on_numpy):
    source = HEAD + layers(
        "self.c = nn.Conv2d(inplanes, planes, 3, padding=1)", "return self.c(x) + x", init=", inplanes, planes"
    )
    model = verified_on_numpy(source, source, seeds=(0,)).models[0]
    assert (model.verdict, model.used["init_args"]) == ("proven", {"inplanes": 16, "planes": 16})


def test_given_inputs_and_arguments_are_used(verified_on_numpy):
    source = HEAD + layers("self.f = nn.Linear(size, 2)", "return self.f(x)", init=", size")
    model = verified_on_numpy(source, source, inputs={"x": "float32[4,5]"}, init_args={"size": 5}).models[0]
    assert (model.verdict, model.used["inputs"]) == ("proven", {"x": "float32[4,5]"})


def test_a_missing_constructor_argument_is_named(verified_on_numpy):
    source = HEAD + layers("self.f = thing(4, 2)", "return self.f(x)", init=", thing")
    model = verified_on_numpy(source, source).models[0]
    assert (model.verdict, "'thing'" in model.reason) == ("inconclusive", True)


def test_a_part_that_cannot_be_built_alone_is_covered_by_the_whole(verified_on_numpy):
    source = (
        HEAD
        + layers("self.f = thing", "return self.f(x)", init=", thing").replace("Net", "Part")
        + "\n\n"
        + layers("self.part = Part(nn.Linear(4, 2))", "return self.part(x)")
    )
    part, net = verified_on_numpy(source, source).models
    assert (part.name, part.verdict, net.verdict) == ("Part", "proven", "proven")
    assert "ran as part of Net" in part.notes[0]


def test_where_running_stops_is_said(verified_on_numpy):
    source = HEAD + layers("self.f = nn.Linear(4, 2)", "x = self.f(x)\n        return F.max_pool2d(x.flatten())")
    model = verified_on_numpy(source, source).models[0]
    line = source[: source.index("F.max_pool2d")].count("\n") + 1
    assert model.verdict == "inconclusive"
    assert f"line {line}" in model.reason
    assert "TypeError" in model.reason


def test_the_project_may_say(verified_on_numpy, tmp_path):
    table = '[tool.nnflip.models.Net]\ninputs = { x = "float32[6,5]" }\ninit_args = { thing = 5 }\n'
    (tmp_path / "pyproject.toml").write_text(table)
    source = HEAD + layers("self.f = nn.Linear(thing, 2)", "return self.f(x)", init=", thing")
    model = verified_on_numpy(source, source).models[0]
    assert (model.verdict, model.used["inputs"], model.used["init_args"]) == (
        "proven",
        {"x": "float32[6,5]"},
        {"thing": 5},
    )


def test_state_is_paired_by_its_use(verified_on_numpy):
    made = "self.{} = nn.Linear(4, 4); self.{} = nn.Linear(4, 4)"
    a = HEAD + layers(made.format("one", "two"), "return self.two(F.relu(self.one(x)))")
    b = HEAD + layers(made.format("last", "first"), "return self.last(F.relu(self.first(x)))")
    model = verified_on_numpy(a, b).models[0]
    assert (model.verdict, model.used["state_map"]["one.weight"]) == ("proven", "first.weight")
    assert model.notes == ("state paired by the order of its use",)


def test_what_the_runtime_lacks_is_listed(verified_on_numpy):
    source = HEAD + layers("self.f = nn.Linear(4, 2)", "return torch.no_such(torch.nor_this(self.f(x)))")
    model = verified_on_numpy(source, source).models[0]
    assert model.verdict == "inconclusive"
    assert "not there in this backend: torch.no_such, torch.nor_this; try --backend torch" in model.reason
