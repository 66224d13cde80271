"""Several files of one run: what one does to the classes of another is seen, and what it cannot do is not."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from nnflip.convert import Options, convert_files
from nnflip.convert.batch.one import Converted, Job
from nnflip.convert.batch.together import convert_all

NET = """
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        return self.fc(self.conv(x).mean((2, 3)))
"""


def converted(tmp_path: Path, **files: str) -> dict[str, Converted]:
    """The conversion of `pkg/<name>.py` for each given text, net.py among them."""
    jobs = []
    for name, text in {"net": NET, **files}.items():
        path = tmp_path / "pkg" / f"{name}.py"
        jobs.append(Job(str(path), dedent(text).encode()))
    results = list(convert_all(jobs, Options(to="functional")))
    assert all(isinstance(each, Converted) for each in results)
    return {Path(job.name).stem: each for job, each in zip(jobs, results, strict=True)}  # type: ignore[misc]


def kept(result: Converted) -> list[tuple[str, str]]:
    """Code and constructor of each kept site."""
    return [(each.code, each.what.partition("(")[0]) for each in result.conversion.all_kept]


CONV, FC = ("NF250", "nn.Conv2d"), ("NF250", "nn.Linear")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from net import Net\nnet = Net()\nprint(net.fc.weight)", [FC]),
        ("from pkg.net import Net\nprint(getattr(Net(), 'fc'))", [FC]),
        ("from .net import Net\nNet().fc.in_features", [FC]),
        ("from . import net\nmodel = net.Net()\nmodel.conv = None", [CONV]),
        ("import pkg.net as n\nkeys = 'fc.weight', 'other.weight'", [FC]),
        ("from .net import Net\n\nclass Big(Net):\n    pass", [CONV, FC]),
        ("from .net import *\n\nclass Big(Net):\n    pass", [CONV, FC]),
        (
            "from torch import nn\nfrom .net import Net\nfor m in Net().modules():\n"
            "    if isinstance(m, nn.Conv2d):\n        nn.init.zeros_(m.weight)",
            [CONV],
        ),
        ("from .net import Net\nfor name, p in Net().named_parameters():\n    print(name)", [CONV, FC]),
        ("from .net import Net\nnet = Net()\n\nclass A:\n    def __init__(self):\n        self.net.fc = 1", [FC]),
    ],
)
def test_what_another_file_reaches_is_kept(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    assert kept(converted(tmp_path, train=text)["net"]) == expected


@pytest.mark.parametrize(
    "text",
    [
        "print(net.fc.weight)",  # nothing of ours is imported
        "from .net import Net\n\nclass Other:\n    def fc(self):\n        return self.fc",
        "from .net import Net\nimport os\nos.fc = 1\nNet()(x)",
        "from .net import Net\nimport torch\ntorch.save(Net().state_dict(), 'net.pt')",
        "from .net import Net\nprint(cfg.fc)",
        "from .net2 import Net\nprint(Net().fc)",
    ],
)
def test_what_cannot_reach_it_changes_nothing(tmp_path: Path, text: str) -> None:
    assert kept(converted(tmp_path, train=text)["net"]) == []


def test_a_class_is_reached_through_other_files(tmp_path: Path) -> None:
    found = converted(tmp_path, __init__="from .net import Net", train="from pkg import Net\nprint(Net().fc.bias)")
    assert kept(found["net"]) == [FC]


HELPERS = """
from torch import nn


def init(net):
    for m in net.modules():
        if isinstance(m, nn.Conv2d):
            nn.init.zeros_(m.weight)


def shown(net):
    return [name for name, p in net.named_parameters()]
"""


def test_a_helper_walks_over_the_modules_of_who_calls_it(tmp_path: Path) -> None:
    user = "from .net import Net\nfrom .helpers import init\ninit(Net())"
    assert kept(converted(tmp_path, train=user, helpers=HELPERS)["net"]) == [CONV]


def test_a_helper_that_nobody_speaks_of_does_nothing(tmp_path: Path) -> None:
    user = "from .net import Net\nfrom .helpers import other\nother(Net())"
    assert kept(converted(tmp_path, train=user, helpers=HELPERS)["net"]) == []


def test_a_helper_is_found_through_a_package(tmp_path: Path) -> None:
    user = "from .net import Net\nfrom . import tools\ntools.helpers.shown(Net())"
    assert kept(converted(tmp_path, train=user, tools="from . import helpers", helpers=HELPERS)["net"]) == [CONV, FC]


def test_the_place_is_named(tmp_path: Path) -> None:
    found = converted(tmp_path, train="from .net import Net\n\nprint(Net().fc.weight)")
    message = found["net"].conversion.all_kept[0].message
    assert "line 3" in message
    assert "train.py" in message
    assert "Net().fc" in message


def test_the_other_layers_convert(tmp_path: Path) -> None:
    found = converted(tmp_path, train="from .net import Net\nprint(Net().fc.weight)")
    assert "F.conv2d(x, self.conv_weight, self.conv_bias)" in found["net"].conversion.text
    assert "self.fc = nn.Linear(8, 10)" in found["net"].conversion.text


def test_a_file_that_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    jobs = [Job(str(tmp_path / "net.py"), NET.encode()), Job(str(tmp_path / "broken.py"), b"import net, torch\n(")]
    good, _ = convert_all(jobs, Options(to="functional"))
    assert isinstance(good, Converted)
    assert good.conversion.changed


def test_the_library_converts_files_that_belong_together(tmp_path: Path) -> None:
    net, train = tmp_path / "net.py", tmp_path / "train.py"
    net.write_text(NET)
    train.write_text("import torch\nfrom net import Net\nprint(Net().fc.weight)\n")
    found = convert_files([net, str(train)], Options(to="functional"))
    assert [each.what for each in found[str(net)].all_kept] == ["nn.Linear(8, 10)"]
    assert not found[str(train)].changed
