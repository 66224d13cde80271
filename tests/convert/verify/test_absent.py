"""Files that import what is not installed load, and what a model then uses of it is not called equal."""

from __future__ import annotations

import pytest

HEAD = """\
import torch
import torch.nn as nn

{imports}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        {forward}
        return self.fc(x)
"""


def source(imports: str, forward: str = "pass") -> str:
    return HEAD.format(imports=imports, forward=forward)


UNUSED = {
    "a module": "import absent_vision",
    "a module inside": "import absent_vision.models.detection as detection",
    "names": "from absent_vision.transforms import Compose, ToTensor",
    "everything": "from absent_vision import *",
    "called while loading": "from absent_log import get_logger\nlogger = get_logger(__name__).child['x']",
    "inherited from by another class": "from absent_vision import Base\nclass Other(Base):\n    pass",
    "in an annotation": "from absent_typing import Float\ndef f(x: Float[torch.Tensor, 'a b'] | None): pass",
}
GUARDED = {
    "try": "try:\n    import absent_fast as fast\nexcept ImportError:\n    fast = None",
    "find_spec": "import importlib.util\nfast = importlib.util.find_spec('absent_fast')",
    "import_module": "import importlib\ntry:\n    fast = importlib.import_module('absent')\nexcept:\n    fast = None",
}
USED = {
    "called": ("import absent_vision", "x = absent_vision.ops.nms(x)"),
    "asked": ("from absent_vision import FAST", "x = x * 2 if FAST else x"),
    "imported late": ("pass", "import absent_vision"),
}


@pytest.mark.parametrize("imports", UNUSED.values(), ids=UNUSED)
def test_what_is_not_used_does_not_hinder(verified_on_numpy, imports):
    model = next(one for one in verified_on_numpy(source(imports), source(imports)).models if one.name == "Net")
    assert (model.verdict, model.reason, model.notes) == ("proven", "", ())


@pytest.mark.parametrize("imports", GUARDED.values(), ids=GUARDED)
def test_what_the_file_itself_guards_stays_absent(verified_on_numpy, imports):
    text = source(imports, "assert fast is None")
    assert verified_on_numpy(text, text).verdict == "proven"


@pytest.mark.parametrize(("imports", "forward"), USED.values(), ids=USED)
def test_what_is_used_stops_the_model(verified_on_numpy, imports, forward):
    model = verified_on_numpy(source(imports, forward), source(imports, forward)).models[0]
    assert model.verdict == "inconclusive"
    assert "No module named 'absent_vision'" in model.reason


def test_a_model_that_inherits_from_what_is_absent_is_told_of(verified_on_numpy):
    text = source("from absent_vision import Base").replace("(nn.Module)", "(Base)")
    model = verified_on_numpy(text, text).models[0]
    assert (model.verdict, "absent_vision.Base" in model.reason) == ("inconclusive", True)


def test_a_decorator_that_is_absent_is_noted(verified_on_numpy):
    text = source("from absent_registry import MODELS").replace("class Net", "@MODELS.register()\nclass Net")
    model = verified_on_numpy(text, text).models[0]
    assert (model.verdict, model.notes) == (
        "proven",
        ("@absent_registry.MODELS.register() of Net is of a module that is not installed",),
    )


def test_a_statement_that_cannot_run_is_left_out_and_noted(verified_on_numpy):
    text = source("data = open('no such file').read()")
    model = verified_on_numpy(text, text).models[0]
    assert (model.verdict, model.notes) == (
        "proven",
        ("left out, since it raises FileNotFoundError: data = open('no such file').read()",),
    )


def test_a_statement_that_stops_one_version_only_is_a_difference(verified_on_numpy):
    result = verified_on_numpy(source("pass"), source("undefined_name.call()"))
    assert (result.verdict, "NameError" in result.reason) == ("different", True)


def test_neighbours_are_imported_from_the_project(verified_on_numpy, tmp_path):
    package = tmp_path / "zoo" / "nets"
    package.mkdir(parents=True)
    (tmp_path / "setup.py").write_text("")
    for folder in (package.parent, package):
        (folder / "__init__.py").write_text("raise RuntimeError('half a framework')")
    (package / "parts.py").write_text("WIDTH = 3")
    (package / "__init__.py").write_text(
        "from .parts import WIDTH as BREADTH\nfrom .nowhere import NOTHING\n"
        "known = {'height': BREADTH + 1}\n__version__: str = str(known['height'])\n"
    )
    (package.parent / "sizes.py").write_text("HEIGHT = 4")
    (tmp_path / "top.py").write_text("DEPTH = 5")
    imports = (
        "from . import BREADTH, __version__\nfrom ..sizes import HEIGHT\nfrom top import DEPTH\n"
        "from zoo.nets import parts"
    )
    text = source(imports, "assert (BREADTH, HEIGHT, DEPTH, __version__) == (3, 4, 5, '4') and parts.WIDTH == 3")
    assert verified_on_numpy(text, text, path=package / "net.py").verdict == "proven"
