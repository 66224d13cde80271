"""What rules close over: an array asked only for its shape would be held, and guarded against in-place changes."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import nnflip.runtime as runtime

OPS = sorted(Path(runtime.__file__).parent.glob("ops/*.py"))
FACTS = {"shape", "dtype", "ndim", "size", "itemsize"}


def outermost_functions(body: ast.AST):
    """The functions inside another, without those inside them."""
    for child in ast.iter_child_nodes(body):
        if isinstance(child, (ast.FunctionDef, ast.Lambda)):
            yield child
        else:
            yield from outermost_functions(child)


def held_for_a_fact(body: ast.FunctionDef):
    """Parameters of a body that a function inside it uses for nothing but facts about them."""
    parameters = {one.arg for one in [*body.args.args, body.args.vararg] if one is not None}
    for inner in outermost_functions(body):
        uses = {}
        for node in ast.walk(inner):
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.Name) and child.id in parameters and isinstance(child.ctx, ast.Load):
                    fact = isinstance(node, ast.Attribute) and node.attr in FACTS
                    uses.setdefault(child.id, set()).add(fact)
        rebound = {one.arg for one in inner.args.args}
        yield from (name for name, kinds in uses.items() if kinds == {True} and name not in rebound)


def is_op(function: ast.FunctionDef) -> bool:
    """Whether the function is the body of an op."""
    return any(
        isinstance(name, ast.Name) and name.id.startswith(("op", "unary", "binary"))
        for decorator in function.decorator_list
        for name in ast.walk(decorator)
    )


@pytest.mark.parametrize("path", OPS, ids=lambda path: path.stem)
def test_rules_hold_shapes_and_not_the_arrays_they_are_of(path):
    tree = ast.parse(path.read_text())
    bodies = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and is_op(one)]
    assert {body.name: found for body in bodies if (found := sorted(set(held_for_a_fact(body))))} == {}


UNSAVED = {
    "sum": lambda x: x.sum(),
    "mean": lambda x: x.mean(),
    "add": lambda x: x + 1,
    "times a number": lambda x: x * 2,
    "over a number": lambda x: x / 2,
    "minus": lambda x: 1 - x,
    "reshape": lambda x: x.reshape(-1) * 1,
    "row": lambda x: x[0] + 0,
    "picked": lambda x: x[[0, 1, 0]],
    "max": lambda x: x.max(0)[0],
    "relu": lambda x: x.relu(),
    "sigmoid": lambda x: x.sigmoid(),
    "exp": lambda x: x.exp(),
    "softmax": lambda x: x.softmax(1),
    "clone": lambda x: x.clone(),
    "double": lambda x: x.double(),
}
SAVED = {
    "square": lambda x: x * x,
    "log": lambda x: x.log(),
    "sin": lambda x: x.sin(),
    "pow": lambda x: x**3,
    "abs": lambda x: x.abs(),
    "norm": lambda x: x.pow(2).sum().sqrt() * x,
    "clamp": lambda x: x.clamp(0, 1),
    "prod": lambda x: x.prod(),
}


def outcome(library, function):
    x = library.tensor([[0.5, 1.5], [2.5, 0.25]], requires_grad=True)
    y = x * 1
    z = function(y)
    y += 1
    try:
        z.sum().backward()
    except RuntimeError as error:
        return "raises" if "modified by an inplace operation" in str(error) else str(error)
    return x.grad.tolist()


@pytest.mark.torch
@pytest.mark.parametrize("name", [*UNSAVED, *SAVED])
def test_changing_an_input_afterwards_raises_exactly_where_torch_raises(torch, name):
    function = (UNSAVED | SAVED)[name]
    ours, theirs = outcome(runtime, function), outcome(torch, function)
    assert ours == theirs or np.allclose(ours, theirs, rtol=1e-5)
