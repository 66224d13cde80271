"""Modules that a class holds, as text: how they are made, key by key, and lists of them for functions that run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..plan.edits import Hole, Line, Part, Rows, arguments, line
from . import parts
from .form import Form
from .forming import given


def made(form: Form, part: parts.Part, path: str, what: str, quote: str, depth: int = 0) -> Iterator[Line]:
    """`params.update(…)` of all their tensors, `what` being "params" or "buffers"; nothing where they have none."""
    match part:
        case parts.One(name, call):
            child = form.children[name]
            if child.makes_params if what == "params" else child.makes_buffers:
                head = f"{what}.update({{f{quote}{path}{{key}}{quote}: value for key, value in "
                maker = child.names[f"init_{what}"]
                yield line(f"{head}{maker}(", *arguments(call.args, call.keywords), ").items()})", depth=depth)
        case parts.Several(several):
            for place, one in enumerate(several):
                yield from made(form, one, f"{path}{place}.", what, quote, depth)
        case parts.Many(index=index, part=inner):
            rows = list(made(form, inner, f"{path}{{{index}}}.", what, quote, depth + 1))
            if rows:
                yield line("for ", *_loop(form, part), ":", depth=depth)
                yield from rows


def listed(form: Form, part: parts.Part, path: str, quote: str, before: str, after: str = "") -> Iterator[Line]:
    """A list of modules that run: `before`, `[partial(block_forward, params, …, prefix=f"blocks.{i}.") for i in …]`."""
    match part:
        case parts.One():
            yield line(before, *_partial(form, part, path, quote), after)
            return
        case parts.Several(several):
            rows = [
                row for place, one in enumerate(several) for row in listed(form, one, f"{path}{place}.", quote, "", ",")
            ]
        case parts.Many(index=index, part=inner):
            rows = list(listed(form, inner, f"{path}{{{index}}}.", quote, ""))
            rows.append(line("for ", *_loop(form, part)))
    yield line(f"{before}[")
    yield from (Line(row.parts, row.depth + 1) for row in rows)
    yield line(f"]{after}")


def _partial(form: Form, one: parts.One, path: str, quote: str) -> Iterator[Part]:
    """`partial(block_forward, params, buffers, training=training, prefix=…)`."""
    prefix = f"prefix={'f' if '{' in path else ''}{quote}{path}{quote}"
    first = (form.children[one.name].names["forward"], "params", "buffers", "training=training", prefix)
    more = ((f"{name}=", Hole(value)) for name, value in given(form, one).items())
    yield "partial("
    yield Rows((*((text,) for text in first), *more))
    yield ")"


def _loop(form: Form, part: parts.Many) -> Iterator[Part]:
    """`i in range(n)`, or with the index beside what the loop gives."""
    loop = part.loop
    if part.is_counted or (_is_unused(loop) and _is_range(form, loop.iter)):
        yield f"{part.index} in "
        yield Hole(loop.iter)
    else:
        target = form.facts.model.source.says(loop.target)
        bare = isinstance(loop.target, ast.Tuple) and not target.startswith("(")
        yield f"{part.index}, {f'({target})' if bare else target} in enumerate("
        yield Hole(loop.iter)
        yield ")"


def _is_unused(loop: ast.comprehension) -> bool:
    return isinstance(loop.target, ast.Name) and loop.target.id == "_"


def _is_range(form: Form, iterated: ast.expr) -> bool:
    match iterated:
        case ast.Call(func=ast.Name(id="range") as func, args=[_], keywords=[]):
            return not form.facts.model.source.scopes.is_bound("range", func)
        case _:
            return False
