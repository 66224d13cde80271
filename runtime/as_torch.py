"""Being importable as torch for a while: `with install(): import torch.nn as nn`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from . import backends
from .missing import MissingImport, refusing
from .nn.modules import HOMES, gathered

_ROOT = __name__.rpartition(".")[0]

_SAME = (
    "", "accelerator", "autograd", "backends", "compiler", "cuda", "hub", "onnx", "profiler", "version", "jit",
    "linalg", "nn", "nn.functional", "nn.init", "nn.modules", "nn.parameter", "nn.common_types", "nn.utils",
    "nn.quantized", "nn.utils.fusion", "nn.utils.clip_grad", "nn.utils.convert_parameters", "nn.utils.rnn", "optim",
    "optim.lr_scheduler", "optim.optimizer", "amp", "distributed", "distributions", "fft", "func", "fx", "random",
    "serialization", "special",
)  # fmt: skip
"""Modules that have torch's own name here, relative to the root."""

_ELSEWHERE = {
    "autograd.function": "function",
    "autograd.grad_mode": "grad_mode",
    "autograd.variable": "variable",
    "utils.hooks": "handles",
    "utils.checkpoint": "checkpoint",
    "utils.data": "data",
    "utils.data.dataset": "data.dataset",
    "utils.data.sampler": "data.sampler",
    "utils.data.dataloader": "data.loader",
    "cuda.amp": "cuda_amp",
    "utils.data.distributed": "data.distributed",
    "utils.model_zoo": "model_zoo",
    "quantization": "quantization",
    "ao.quantization": "quantization",
    "jit.annotations": "jit_annotations",
    "nn.utils.stateless": "func",
    "nn.parallel": "nn.data_parallel",
    "nn.attention": "nn.sdpa_kernel",
    "ao.nn.quantized": "nn.quantized",
    "autograd.profiler": "profiler",
    "multiprocessing": "processes",
    "utils._pytree": "pytree",
    "_C": "internals",
    "distributions.distribution": "distributions.distribution",
    "distributions.normal": "distributions.continuous",
    "distributions.uniform": "distributions.continuous",
    "distributions.laplace": "distributions.continuous",
    "distributions.gumbel": "distributions.continuous",
    "distributions.beta": "distributions.gamma",
    "distributions.dirichlet": "distributions.gamma",
    "distributions.gamma": "distributions.gamma",
    "distributions.categorical": "distributions.discrete",
    "distributions.bernoulli": "distributions.discrete",
    "distributions.independent": "distributions.independent",
    "distributions.kl": "distributions.divergence",
    "_dynamo": "compiler",
    "_dynamo.eval_frame": "compiler",
    "mps": "accelerator",
    "xpu": "accelerator",
}
"""torch's name → the module here that has what is in it."""


_UTILS = ("hooks", "checkpoint", "data", "model_zoo", "_pytree")
"""What is in torch.utils."""


@contextmanager
def install() -> Iterator[ModuleType]:
    """Puts the runtime into `sys.modules` as torch, torch.nn, …, and puts back what was there, also after an error.

    Re-entrant. What is imported inside keeps the torch that it saw.
    """
    before = _taken_out()
    finder = _Finder()
    sys.modules.update(modules())
    sys.meta_path.insert(0, finder)
    try:
        yield sys.modules["torch"]
    finally:
        sys.meta_path[:] = [one for one in sys.meta_path if one is not finder]
        _taken_out()
        sys.modules.update(before)


def modules() -> dict[str, ModuleType]:
    """Every name that `import` finds while the runtime is installed, and the module behind it."""
    places = {name: f"{_ROOT}.{name}".rstrip(".") for name in _SAME}
    places |= {name: f"{_ROOT}.{place}" for name, place in _ELSEWHERE.items()}
    found = {f"torch.{name}".rstrip("."): import_module(place) for name, place in places.items()}
    found |= {f"torch.nn.modules.{name}": gathered(name) for name in HOMES}
    found["torch.utils"] = _package("torch.utils", **{name: found[f"torch.utils.{name}"] for name in _UTILS})
    found["torch.ao.nn"] = _package("torch.ao.nn")
    found["torch.ao"] = _package("torch.ao")
    switches: dict[str, Any] = {
        name: getattr(backends, name) for name in ("cudnn", "cuda", "mps", "mkldnn", "opt_einsum")
    }
    found |= {f"torch.backends.{name}": one for name, one in switches.items()}  # modules in torch, objects here
    for module in found.values():
        vars(module).setdefault("__path__", [])  # so that `import torch.jit.annotations` asks the finder
    for name, module in found.items():  # `import torch.utils.data as data` asks torch for `utils`
        above, _, last = name.rpartition(".")
        if above in found:
            vars(found[above]).setdefault(last, module)
    return found


def _package(name: str, **submodules: ModuleType) -> ModuleType:
    """A package that holds nothing but these."""
    made = ModuleType(name)
    vars(made).update(submodules, __path__=[], __getattr__=refusing(name))
    return made


def _taken_out() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name == "torch" or name.startswith("torch.")]
    return {name: sys.modules.pop(name) for name in names}


class _Finder:
    """Stands before Python's own finders: a submodule of torch that is not ours is missing, never another file."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        """None for what is not torch; MissingImport for a module of torch that is not here."""
        if name.startswith("torch."):
            raise MissingImport(name)
        return None
