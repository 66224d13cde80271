"""Fixtures for module → functional on forms that have no twin file: what is written, and real torch as the referee."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nnflip.convert import Conversion, Options, convert_source

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\n"


@pytest.fixture
def to_function() -> Callable[[str], Conversion]:
    """Converts a class (imports are added) to functional style."""
    return lambda text: convert_source(HEAD + text, Options(to="functional"))


@pytest.fixture
def judge(to_function: Callable[[str], Conversion]) -> Callable[..., Conversion]:
    """Converts `Net`, and asks torch whether it starts and behaves the same for each list of constructor arguments."""
    pytest.importorskip("torch", reason="torch is the referee here")
    from referee import Referee

    def judged(text: str, inputs: Callable[[], Any], *arguments: tuple[Any, ...]) -> Conversion:
        conversion = to_function(text)
        assert conversion.changed
        again = convert_source(conversion.text, Options(to="functional"))
        assert again.text == conversion.text
        for given in arguments or ((),):
            Referee(conversion, inputs, same_start=True, arguments=given).check()
        return conversion

    return judged
