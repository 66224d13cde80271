"""`assert_equivalent` in a test: silent for what is the same, the verdict as the failure for what is not."""

from __future__ import annotations

import pytest

from nnflip.convert.pytest_plugin import assert_equivalent

MODULE = """\
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        return self.fc(x).relu()
"""


def test_it_passes_and_fails_with_the_verdict(tmp_path):
    (tmp_path / "a.py").write_text(MODULE)
    (tmp_path / "b.py").write_text(MODULE.replace("relu", "tanh"))
    assert assert_equivalent(tmp_path / "a.py", to="functional", seeds=(0,)).verdict == "proven"
    with pytest.raises(pytest.fail.Exception, match="tanh in place of relu"):
        assert_equivalent(tmp_path / "a.py", str(tmp_path / "b.py"), seeds=(0,))


def test_one_version_alone_is_a_mistake(tmp_path):
    with pytest.raises(ValueError, match="two versions"):
        assert_equivalent(tmp_path / "a.py")
    with pytest.raises(ValueError, match=r"a\.py"):
        assert_equivalent(tmp_path / "a.py", tmp_path / "b.py")
