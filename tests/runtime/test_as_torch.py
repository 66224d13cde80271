"""install(): every way of importing torch finds the runtime, and afterwards everything is as it was."""

from __future__ import annotations

import subprocess
import sys

import pytest

import nnflip.runtime as runtime

PROGRAM = """
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.nn.init as init
from torch import Tensor, nn as same_nn
from torch.autograd import Function, Variable
from torch.nn import Parameter, functional as same_F
from torch.nn.modules.conv import _ConvNd
from torch.nn.modules.utils import _pair
from torch.nn.parameter import Parameter as same_Parameter
from torch.utils.hooks import RemovableHandle

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv(x))

torch.manual_seed(0)
out = Net()(torch.randn(1, 1, 5, 5))
"""


def torch_modules():
    return {name: module for name, module in sys.modules.items() if name == "torch" or name.startswith("torch.")}


def test_a_users_file_runs_unmodified():
    before = torch_modules()
    names = {}
    with runtime.install() as torch:
        assert torch is runtime
        exec(PROGRAM, names)
    assert names["torch"] is runtime
    assert names["nn"] is names["same_nn"] is runtime.nn
    assert names["F"] is names["same_F"] is runtime.nn.functional
    assert names["Parameter"] is names["same_Parameter"]
    assert issubclass(runtime.nn.Conv2d, names["_ConvNd"])
    assert names["out"].shape == (1, 2, 3, 3)
    assert torch_modules() == before


def test_it_is_re_entrant_and_survives_errors():
    before = torch_modules()
    finders = list(sys.meta_path)

    def fail_inside():
        with runtime.install():
            with runtime.install():
                pass
            import torch

            assert torch is runtime
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail_inside()
    assert torch_modules() == before
    assert sys.meta_path == finders


def test_a_missing_submodule_is_never_another_file_of_ours():
    with runtime.install(), pytest.raises(ImportError, match=r"torch\.tensor is not in this runtime"):
        import torch.tensor  # noqa: F401


@pytest.mark.torch
def test_real_torch_is_put_back(torch):
    functional = torch.nn.functional
    with runtime.install():
        import torch as installed

        assert installed is runtime
    import torch as restored
    import torch.nn.functional as F

    assert restored is torch
    assert F is functional


def test_import_is_fast_and_brings_nothing_along():
    code = (
        "import sys, time, numpy; start = time.perf_counter(); import nnflip.runtime;"
        "print(time.perf_counter() - start);"
        "print([name for name in sys.modules if {'torch', 'scipy', 'convert'} & set(name.split('.')[:2])])"
    )
    seconds, others = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split("\n")[:2]
    assert others == "[]"
    assert float(seconds) < 2  # 0.05 measured; a loaded machine is not a defect


def test_modules_that_models_import_by_their_full_name_are_there() -> None:
    with runtime.install():
        import torch.backends.cudnn as cudnn
        import torch.nn.parallel as parallel
        import torch.utils.checkpoint as checkpoint
        import torch.utils.data as data
        from torch.cuda.amp import GradScaler
        from torch.optim.lr_scheduler import StepLR

        cudnn.benchmark = False
        found = (data.Dataset, checkpoint.checkpoint, parallel.DataParallel, GradScaler, StepLR)
    assert all(one.__module__.startswith("nnflip.runtime.") for one in found)
