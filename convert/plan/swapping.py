"""The body of a method that swaps the first two axes around a function, as torch's modules do it for `batch_first`.

One direction writes it, the other recognises it. One tensor that stands for several inputs stays one tensor, and input
without a batch stays as it is.
"""

from __future__ import annotations

from ..ops.swap import Swap


def before_call(swap: Swap) -> list[str]:
    """The statements that swap the inputs, as rows of text."""
    query, key, value = swap.inputs
    return [
        f"batched = {query}.dim() == {swap.rank}",
        f"if batched and {query} is {key} is {value}:",
        f"    {query} = {key} = {value} = {query}.transpose(1, 0)",
        f"elif batched and {key} is {value}:",
        f"    {query}, {key} = {query}.transpose(1, 0), {key}.transpose(1, 0)",
        f"    {value} = {key}",
        "elif batched:",
        f"    {', '.join(swap.inputs)} = (x.transpose(1, 0) for x in ({', '.join(swap.inputs)}))",
    ]


def the_call(text: str) -> str:
    """The statement that calls the function."""
    return f"x, weights = {text}"


def after_call() -> str:
    """The statement that swaps the output back."""
    return "return x.transpose(1, 0) if batched else x, weights"
