"""Torch's own samples of its modules (`module_db`), as cases: first values, output, gradients, buffers, errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch.testing._internal.common_modules import ModuleErrorEnum, module_db

import nnflip.runtime as runtime

from .carry import Carrier, resolve
from .case import Case, seed, warnings_off
from .ops import FLOATS, gradients
from .verdict import GRADIENT, VALUE, Differs, flat, same, same_error


def names() -> dict[str, list[Any]]:
    """The modules by the name they have below torch: "nn.Conv2d"."""
    return {f"nn.{info.module_cls.__name__}": [info] for info in module_db}


def claimed(info: Any) -> bool:
    """Whether the runtime has a module of that name."""
    return hasattr(runtime.nn, info.module_cls.__name__)


def cases(name: str, infos: list[Any], limit: int | None = None) -> Iterator[Case]:
    """All samples of the module, in train and, where that differs, eval mode; or the first `limit` of each."""
    for info in infos:
        for dtype in [one for one in FLOATS if one in info.supported_dtypes("cpu")]:
            for training in (True, False) if info.train_and_eval_differ else (True,):
                part = str(dtype).removeprefix("torch.")
                for index, sample in enumerate(_samples(info, info.module_inputs_func, dtype, training)):
                    if index == limit:
                        break
                    mode = "train" if training else "eval"
                    yield Case(name, part, f"{mode} {index}", _Check(info, sample, dtype, training))
        if info.module_error_inputs_func is not None:
            for index, wrong in enumerate(_samples(info, info.module_error_inputs_func, torch.float32, True)):
                if index == limit:
                    break
                yield Case(name, "errors", str(index), _CheckError(info, wrong))


def _samples(info: Any, function: Any, dtype: torch.dtype, training: bool) -> Iterator[Any]:
    seed()
    with warnings_off():
        yield from list(function(info, device="cpu", dtype=dtype, requires_grad=True, training=training))


class _Check:
    """One sample: both libraries build the module, call it and go back."""

    def __init__(self, info: Any, sample: Any, dtype: torch.dtype, training: bool) -> None:
        self.info, self.sample, self.training = info, sample, training
        self.dtype = dtype

    def __call__(self) -> None:
        ours = self.run(runtime, resolve(f"torch.nn.{self.info.module_cls.__name__}"), Carrier())
        theirs = self.run(torch, self.info.module_cls, Carrier(fresh=True))
        for what in ours:
            same(ours[what], theirs[what], what, GRADIENT if what == "gradients" else VALUE)

    def run(self, library: Any, kind: Any, carry: Carrier) -> dict[str, Any]:
        built, called = self.sample.constructor_input, self.sample.forward_input
        seed()
        module = kind(*carry(built.args), **carry(built.kwargs)).to(getattr(library, str(self.dtype).split(".")[1]))
        module.train(self.training)
        lazy = any("Uninitialized" in type(one).__name__ for one in module.parameters())
        start = {} if lazy else {key: value.clone() for key, value in module.state_dict().items()}
        inputs = Carrier(carry.fresh)
        arguments, named = inputs(called.args), inputs(called.kwargs)
        seed()
        output = module(*arguments, **named)
        leaves = [*inputs.leaves(), *(one for one in module.parameters() if one.requires_grad)]
        return {
            "first values": list(start.values()),
            "names": list(start),
            "value": flat(output),
            "gradients": gradients(library, output, leaves) if leaves else [],
            "state": [value.clone() for value in module.state_dict().values()],
        }


class _CheckError:
    """Wrong arguments for the constructor or the call: torch raises, so must the runtime."""

    def __init__(self, info: Any, wrong: Any) -> None:
        self.info, self.wrong = info, wrong

    def __call__(self) -> None:
        sample, carry = self.wrong.module_error_input, Carrier()
        kind = resolve(f"torch.nn.{self.info.module_cls.__name__}")
        built, called = sample.constructor_input, sample.forward_input
        try:
            module = kind(*carry(built.args), **carry(built.kwargs))
            if self.wrong.error_on is ModuleErrorEnum.FORWARD_ERROR:
                module(*carry(called.args), **carry(called.kwargs))
        except Exception as error:
            same_error(error, self.wrong.error_type, self.wrong.error_regex)
            return
        raise Differs(f"no error; torch: {self.wrong.error_type.__name__}: {self.wrong.error_regex}")
