"""The statements around a function that needs a batch, for a layer that takes input without one too.

One direction writes them, the other recognises them.
"""

from __future__ import annotations

from ..ops import Pair


def before_call(pair: Pair) -> list[str]:
    """What is asked of the input."""
    (axes,) = pair.other_ranks
    return [f"unbatched = x.dim() == {axes}"]


def the_call(text: str) -> str:
    """The statement that calls the function, which is given the batch axis where there is none."""
    return f"x = {text}"


def the_input() -> str:
    """What the function is given."""
    return "x.unsqueeze(0) if unbatched else x"


def after_call() -> str:
    """The output without the axis, where the input had none."""
    return "x.squeeze(0) if unbatched else x"
