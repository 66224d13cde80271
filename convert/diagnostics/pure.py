"""NF28x: a class or functions stay as they are on the way to explicit parameters and back."""

from __future__ import annotations

from .code import Code

PURE = (
    Code(
        "NF282",
        "stays-a-class",
        "class {name} stays a class: {reason}",
        "Functions of parameters are written for a whole class, and for the classes that it holds or that hold it.",
        "See the other findings, or use the class with torch.func.functional_call.",
    ),
    Code(
        "NF283",
        "not-pure",
        "class {name} cannot be written as functions of its parameters: {reason}",
        "What a pure function computes depends on its arguments only, and the whole class has to be one.",
        "Change that, or use the class with torch.func.functional_call.",
    ),
    Code(
        "NF285",
        "not-a-class",
        "the functions of {name} cannot be read as a class: {reason}",
        "Functions of parameters become a module where they are written as `--to pure` writes them.",
        "Write that part as `nnflip convert --to pure` does, or leave the functions.",
    ),
)
