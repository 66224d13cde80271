"""What the functions of a class must not do to each other: each is run alone, in any order."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from .facts import Facts
from .form import Form
from .shape import refusal
from .slices import Chosen, simple
from .tensors import parameter_data


def check_makers(form: Form) -> None:
    """Parameters are made without buffers, and buffers without parameters: each is made by a function of its own."""
    for statement in simple(form.initial):
        if form.kind(statement) == "buffer":
            raise refusal(statement, "a parameter is made from a buffer")
    for statement in simple(form.buffered):
        if form.kind(statement) == "param":
            raise refusal(statement, "a buffer is made from a parameter")
    settings = {form.slicer.locals[name] for name in form.facts.settings}
    form.slicer.slice(form.body, settings)  # raises where one may be a module
    for child in form.facts.held:
        values = [*child.call.args, *(word.value for word in child.call.keywords)]
        if form.children[child.name].makes_buffers and not all(form.slicer.is_plain(value) for value in values):
            raise refusal(child.call, f"a {child.name} is made with values that cannot be computed twice")
    _check_shared(form.facts)


def _check_shared(facts: Facts) -> None:
    """A parameter and a buffer that are one tensor would no longer be."""
    definitions = [
        (name, one) for name in (*facts.params, *facts.buffers) for one in facts.model.attribute(name).definitions
    ]
    whole: set[str] = set()
    for name, one in definitions:
        data = None if one.value is None else parameter_data(facts.model, one.value) if name in facts.params else None
        whole |= {data.id} if isinstance(data, ast.Name) else set()
    for name, one in definitions:
        read = {node.id for node in ast.walk(one.value) if isinstance(node, ast.Name)} if one.value else set()
        if name in facts.buffers and read & whole:
            raise refusal(one.statement, f"self.{name} shares its tensor with a parameter")


def given_twice(form: Form, chosen: Iterable[Chosen], need: Iterable[str]) -> Iterator[str]:
    """Names of the file that a method would read again, when they may mean something else by then."""
    source = form.facts.model.source
    read = {name for one in simple(chosen) for name in form.slicer.reads(one)}.union(need) - form.own_names
    declared = {name for node in source.every(ast.Global) for name in node.names}
    root = source.scopes.root
    stores = [
        node.id
        for node in source.every(ast.Name)
        if not isinstance(node.ctx, ast.Load) and source.scopes.scope_of(node) is root
    ]
    yield from (name for name in read if name in declared or stores.count(name) > 1)
