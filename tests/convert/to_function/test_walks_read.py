"""What a walk does to a layer is read from its body: what it passes by may go, what it does to others must not."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]

TEMPLATE = """{before}class Net(nn.Module):
    def __init__(self, {given}):
        super().__init__()
        self.conv = nn.Conv1d(3, 4, 3, bias=False)
        self.drop = nn.Dropout(0.5)
        self.fc = nn.Linear(4, 5)
{init}

    def forward(self, x):
        return self.fc(F.relu(self.drop(self.conv(x))).mean(-1))
{methods}"""


def net(*init: str, before: str = "", methods: str = "", given: str = "flag=True") -> str:
    body = "\n".join(f"        {line}" for line in init)
    return TEMPLATE.format(init=body, before=before, methods=methods, given=given)


def signals() -> Any:
    import torch

    return [torch.randn(2, 3, 6, generator=torch.Generator().manual_seed(3))]


METHOD = """
    def _init_weights(self, m, scale=1.0):
        std = 0.02 * scale
        if isinstance(m, nn.Linear):
            nn.init.normal_(m.weight, std=std)
            if m.bias is not None:
                nn.init.zeros_(m.bias)
        elif hasattr(m, "init_weights"):
            m.init_weights()
"""

OTHER = """class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.part = nn.Linear(2, 2)
        self.apply(self._init_weights)

    def _init_weights(self, m):
        if isinstance(m, nn.Linear):
            nn.init.ones_(m.weight)

    def forward(self, x):
        return self.part(x)


"""

FUNCTION = """def init(m):
    if isinstance(m, (nn.Linear, nn.Conv1d)):
        nn.init.xavier_normal_(m.weight)


"""

TOLD = {
    "a method of that name in another class": net("self.apply(self._init_weights)", before=OTHER, methods=METHOD),
    "partly applied": "from functools import partial\n\n\n"
    + net("self.apply(partial(self._init_weights, scale=2.0))", methods=METHOD),
    "a function handed every module": net("for m in self.modules():", "    init(m)", before=FUNCTION),
    "in two ways by a setting": net(
        "self.flag = flag",
        "self.apply(self._init)",
        methods="""
    def _init(self, m):
        if self.flag:
            if isinstance(m, nn.Linear):
                nn.init.normal_(m.weight)
        elif isinstance(m, (nn.Linear, nn.Conv1d)):
            nn.init.xavier_uniform_(m.weight)
""",
    ),
    "over several lines, one way or the other": net(
        "for m in self.modules():",
        "    if isinstance(m, nn.Conv1d):",
        "        if flag:",
        "            nn.init.kaiming_normal_(",
        "                m.weight,  # the kernel",
        "                mode='fan_out',",
        "            )",
        "        else:",
        "            nn.init.ones_(m.weight)",
    ),
    "with a kernel that an argument says": net(
        "self.last = nn.Conv1d(4, 4, k)",
        "for m in self.modules():",
        "    if isinstance(m, nn.Conv1d):",
        "        n = m.kernel_size[0] * m.out_channels // m.groups",
        "        m.weight.data.normal_(0, (2.0 / n) ** 0.5)",
        given="flag=True, k=1",
    ),
}


@pytest.mark.parametrize("text", TOLD.values(), ids=TOLD)
def test_is_told(text: str, judge: Any) -> None:
    conversion = judge(text, signals, (True,), (False,))
    assert not conversion.all_kept
    assert "isinstance(m, Net)" in conversion.text


PASSED_BY = {
    "what no layer of torch has": net(
        "for m in self.modules():", "    if hasattr(m, 'switch_to_deploy'):", "        m.switch_to_deploy()"
    ),
    "what is set where it is": net(
        "for m in self.modules():", "    if hasattr(m, 'is_first'):", "        m.is_first = True"
    ),
    "a class of the file": net(
        "self.count = sum(isinstance(m, Part) for m in self.modules())",
        "self.parts = [m for m in self.modules() if isinstance(m, Part)]",
        before="class Part(nn.Conv1d):\n    pass\n\n\n",
    ),
    "all but one kind": net(
        "for m in self.modules():",
        "    t = type(m)",
        "    if t is not nn.Bilinear:",
        "        continue",
        "    m.reset_parameters()",
    ),
    "a kind that is told by the name of its class": net(
        "for n, m in self.named_modules():", "    if m.__class__.__name__ == 'Embedding':", "        print(n)"
    ),
    "parts of another object": "import torchvision\n\n\n"
    + net(methods="\n    def parts(self):\n        return list(torchvision.models.vgg11().features.children())\n"),
}


@pytest.mark.parametrize("text", PASSED_BY.values(), ids=PASSED_BY)
def test_is_passed_by(text: str, to_function: Any) -> None:
    conversion = to_function(text)
    assert not conversion.all_kept
    assert "self.fc_weight" in conversion.text


GIVEN = "    def flags(self):\n        self.fc.flag = True\n"

MET = {
    "they are counted": net("n = 0", "for m in self.modules():", "    n += 1", "self.n = n"),
    "their places are counted": net("for i, m in enumerate(self.modules()):", "    print(i)"),
    "everything but one kind": net(
        "for m in self.modules():", "    if not isinstance(m, nn.Conv1d):", "        print(m)"
    ),
    "what the file gives to others": net(
        "for m in self.modules():",
        "    if hasattr(m, 'flag'):",
        "        print(m)",
        methods="\n\ndef give(net):\n    for name, value in net.items():\n        value.flag = name\n",
    ),
    "what the file may give to others": net(
        "for m in self.modules():",
        "    if getattr(m, 'flag', False):",
        "        print(m)",
        methods="\n\ndef give(net, name):\n    setattr(net, name, True)\n",
    ),
    "a class from elsewhere": "from layers import Linear\n\n\n"
    + net("for m in self.modules():", "    if isinstance(m, Linear):", "        print(m)"),
    "a class of two meanings": "try:\n    from layers import Kind\nexcept ImportError:\n    class Kind(nn.Module):\n"
    "        pass\n\n\n" + net("for m in self.modules():", "    if isinstance(m, Kind):", "        print(m)"),
    "a class that says itself who belongs to it": net(
        "for m in self.modules():",
        "    if isinstance(m, Kind):",
        "        print(m)",
        before="class Meta(type):\n    def __instancecheck__(cls, one):\n        return True\n\n\n"
        "class Kind(metaclass=Meta):\n    pass\n\n\n",
    ),
    "a test that does something": net("for m in self.modules():", "    if self.visit(m):", "        pass"),
    "a method that is set": net("self._init = None", "self.apply(self._init)", methods=METHOD),
    "a method of a class that derives": net(
        "self.apply(self._init_weights)",
        methods=METHOD + "\n\nclass More(Net):\n    def _init_weights(self, m):\n        print(m)\n",
    ),
    "a function with a wrapper": "@wrapped\n" + FUNCTION + net("self.apply(init)"),
    "a function of two meanings": FUNCTION + FUNCTION.replace("xavier_normal_", "ones_") + net("self.apply(init)"),
    "a local read afterwards": net(
        "for m in self.modules():",
        "    last = type(m)",
        "    if last is nn.Bilinear:",
        "        pass",
        "self.last = last",
    ),
    "children by their places": net("a, b, c = self.children()", "print(a, b, c)"),
    "the first of them": net("self.first = [m for m in self.modules()][1]"),
    "whether all are of one kind": net("self.same = all(isinstance(m, nn.Bilinear) for m in self.modules())"),
    "a part by a key": net("self.part = self.get_submodule('f' + 'c')"),
    "leaving early": net("for m in self.modules():", "    if isinstance(m, nn.Linear):", "        break"),
}


@pytest.mark.parametrize("text", MET.values(), ids=MET)
def test_is_met(text: str, to_function: Any) -> None:
    conversion = to_function(text)
    assert {"NF212", "NF211"} & {kept.code for kept in conversion.all_kept}
    assert "self.fc = nn.Linear(4, 5)" in conversion.text


def test_children_of_one_class_are_its_own_layers(to_function: Any) -> None:
    walking = (
        "class Runs(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.a = nn.ReLU()\n"
    )
    walking += "\n    def forward(self, x):\n        for layer in self.children():\n            x = layer(x)\n"
    walking += "        return x\n\n\n"
    conversion = to_function(net(before=walking))
    assert [(kept.code, kept.what) for kept in conversion.all_kept] == [("NF212", "nn.ReLU()")]
    assert "self.fc_weight" in conversion.text


ORDER = """class Part(nn.Module):
    def __init__(self, rate=0.0):
        super().__init__()
        self.rate = rate
        {holds}

    def forward(self, x):
        return x


class Net(nn.Module):
    def __init__(self, act_layer=nn.GELU, part=None):
        super().__init__()
        self.fc1 = nn.Linear(6, 4)
        self.part = {part}
        self.fc2 = nn.Linear(4, 6)
        {walk}

    def forward(self, x):
        return self.fc2(self.part(self.fc1(x)))


def init(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight)
    elif isinstance(m, nn.LayerNorm):
        nn.init.constant_(m.weight, 2.0)
"""
LAST, FIRST = "self.apply(init)", "for m in self.modules():\n            init(m)"


@pytest.mark.parametrize(
    ("part", "holds"),
    [
        ("act_layer()", ""),
        ("Part(0.1)", ""),
        ("Part(0.1) if act_layer else nn.Identity()", ""),
        ("Part()", "self.norm = nn.LayerNorm(4)"),
        ("nn.Sequential(nn.LayerNorm(4), act_layer())", ""),
        ("Part()", "self.a = self.b = rate\n        self.scale = rate or 4**-0.5\n        self.a += 1"),
    ],
)
@pytest.mark.parametrize("walk", [LAST, FIRST])
def test_what_draws_nothing_may_stand_between(part: str, holds: str, walk: str, judge: Any) -> None:
    conversion = judge(ORDER.format(part=part, holds=holds, walk=walk), signals)
    assert "self.fc1_weight" in conversion.text
    assert "self.fc2_weight" in conversion.text


@pytest.mark.parametrize(
    ("part", "holds"),
    [
        ("Part()", "self.inner = nn.Linear(2, 2)"),
        ("Part(part)", ""),
        ("nn.Sequential(Part(), nn.Linear(4, 4))", ""),
        ("act_layer(4, 4) if part else nn.Linear(4, 4)", ""),
    ],
)
@pytest.mark.parametrize(("walk", "stays"), [(LAST, "fc1"), (FIRST, "fc2")])
def test_what_draws_keeps_the_layers_that_would_be_filled_at_another_time(
    part: str, holds: str, walk: str, stays: str, judge: Any
) -> None:
    conversion = judge(ORDER.format(part=part, holds=holds, walk=walk), signals)
    assert f"self.{stays} = nn.Linear" in conversion.text
    assert "self.fc1_weight" in conversion.text or "self.fc2_weight" in conversion.text


@pytest.mark.parametrize(
    ("part", "holds"),
    [
        ("Part(nn.Linear(2, 2))", ""),
        ("part or nn.Linear(4, 4)", ""),
        ("Part()", "self.a = self.b = nn.Linear(2, 2)"),
    ],
)
def test_what_may_hold_a_layer_may_draw(part: str, holds: str, to_function: Any) -> None:
    text = to_function(ORDER.format(part=part, holds=holds, walk=LAST)).text
    assert "self.fc1 = nn.Linear" in text
    assert "self.fc2_weight" in text


def test_one_function_that_meets_a_class_first_here_and_last_there(to_function: Any) -> None:
    """Its own layers come before the list for the one walk, after it for the other."""
    holds = "self.more = nn.ModuleList(nn.Linear(1, 1) for _ in range(2))"
    for walk in (LAST, FIRST, f"{LAST}\n        {FIRST}"):
        text = to_function(ORDER.format(part="Part()", holds=holds, walk=walk)).text
        assert ("self.fc1 = nn.Linear" in text) == (LAST in walk)
        assert ("self.fc2 = nn.Linear" in text) == (FIRST in walk)
