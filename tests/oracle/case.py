"""A case: one sample of torch, what it is a sample of, and whether the runtime passes it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch

import nnflip.runtime as runtime


@dataclass(frozen=True)
class Case:
    """`name` of the operator or module, `part` (a dtype, "errors" or "second"), `which` of its samples, and the check.

    `kind` is what it counts for.
    """

    name: str
    part: str
    which: str
    check: Callable[[], None]

    @property
    def kind(self) -> str:
        """samples, errors or second (gradients)."""
        return self.part if self.part in ("errors", "second") else "samples"

    def trouble(self) -> str | None:
        """What went wrong, in one line; None if the runtime passes."""
        with warnings_off():
            try:
                self.check()
            except Exception as error:
                first = str(error).strip().split("\n")[0]
                return first if type(error).__name__ == "Differs" else f"{type(error).__name__}: {first}"
        return None


def seed() -> None:
    """Both libraries draw the same numbers from here on."""
    torch.manual_seed(0)
    runtime.manual_seed(0)


@contextmanager
def warnings_off() -> Iterator[None]:
    """Torch's samples use what is deprecated, on purpose."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
