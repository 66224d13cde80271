"""nn.Sequential in functional style: a method of the same name that runs its layers one after the other."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..inline import written_out
from ..outcome import StateMove
from ..plan.edits import Line, line
from ..plan.plan import Kept, Plan
from ..plan.single import after_call, before_call, the_call, the_input
from ..plan.spelling import Speller
from ..plan.wrap import statement_lines
from ..recognise.calls import Construction, construction, shown
from ..recognise.containers import is_sequential
from ..recognise.model import Model
from .call import written
from .form import Form
from .reader import FormReader


@dataclass(frozen=True)
class Child:
    """One layer of a Sequential: its key below it ("0", "conv", "1.0"), and its functional form.

    The key of a layer that stands by itself is empty. `lacks_batch` where its input may have none, which the layer
    reads otherwise than its function.
    """

    key: str
    form: Form
    lacks_batch: bool = False


@dataclass(frozen=True)
class Guest:
    """A module of a Sequential that stays one, and the attribute that it gets."""

    key: str
    attribute: str
    node: ast.expr


Member = Child | Guest


def read_children(
    model: Model,
    reader: FormReader,
    node: ast.Call,
    name: str,
    *,
    plan: Plan | None = None,
    key: str = "",
    entries: Sequence[tuple[str, ast.expr]] = (),
) -> Iterator[Member]:
    """The layers of a Sequential and of those inside it, in order. `entries` are they, where other statements add some.

    Raises Kept where one has no functional form; given a plan, such a one stays a module beside the others.
    """
    entries = entries or list(_entries(model, node, name))
    if not entries:
        raise Kept("NF222", node, name=name, text="nothing", reason="an empty Sequential passes its input on")
    for child_key, child in entries:
        path = f"{key}.{child_key}" if key else child_key
        meant = written_out(model.source, child)
        child = child if meant.then else meant.value
        if is_sequential(model.source, child):
            assert isinstance(child, ast.Call)
            yield from read_children(model, reader, child, name, plan=plan, key=path)
            continue
        built = construction(model, child)
        if built is None:
            if plan is None or not isinstance(child, (ast.Call, ast.Name, ast.Attribute, ast.Subscript)):
                reason = "it has no functional form here"
                raise Kept("NF222", child, name=name, text=_brief(model, child), reason=reason)
            yield _guest(reader, name, path, child)
            continue
        try:
            yield read_child(reader, built, name, path)
        except Kept as kept:
            if plan is None or len(built.pair.data) != 1:
                raise
            plan.keep(kept, child)
            yield _guest(reader, name, path, child)


def _guest(reader: FormReader, name: str, key: str, node: ast.expr) -> Guest:
    if written_out(reader.source, node).value is not node:
        text = " ".join(reader.source.says(node).split())[:50]
        raise Kept("NF222", node, name=name, text=text, reason="a function builds it and fills it then")
    return Guest(key, reader.names.fresh(f"{name}_{key}".replace(".", "_")), node)


def read_child(reader: FormReader, built: Construction, name: str, key: str) -> Child:
    """One layer with one input; `key` is empty where the attribute is the layer itself. Raises Kept."""
    try:
        if len(built.pair.data) != 1:
            raise Kept("NF216", argument="input", name=built.written, reason="it takes more than one input")
        return Child(key, reader.read(built, f"{name}.{key}" if key else name))
    except Kept as kept:
        kept.node = kept.node or built.node
        raise


def method_lines(name: str, children: Sequence[Member], speller: Speller, at: ast.AST) -> list[Line]:
    """The method that takes the Sequential's place."""
    return [Line(()), line(f"def {name}(self, x):"), *body_lines(children, speller, at, depth=1)]


def body_lines(children: Sequence[Member], speller: Speller, at: ast.AST, depth: int) -> list[Line]:
    """The statements that run the layers on `x` and return what comes out."""
    lines: list[Line] = []
    for child in children:
        if isinstance(child, Guest):
            if not child.key:
                return [*lines, line(f"return self.{child.attribute}(x)", depth=depth)]
            lines.append(line(f"x = self.{child.attribute}(x)", depth=depth))
            continue
        if child.form.counter is not None:
            lines += counter_lines(child.form, "self", depth=depth)
        given = the_input() if child.lacks_batch else "x"
        text = written(child.form, {child.form.pair.data[0]: given}, "self", speller, at)
        if child.lacks_batch:
            lines += [line(row, depth=depth) for row in before_call(child.form.pair)]
            lines += statement_lines(the_call(text), depth)
            text = after_call()
        if not child.key:
            return [*lines, *statement_lines(f"return {text}", depth)]
        if text != "x":
            lines += statement_lines(f"x = {text}", depth)
    return [*lines, line("return x", depth=depth)]


def open_to_single(members: Sequence[Member]) -> tuple[Member, ...]:
    """The same, as they are where the input may have no batch."""
    return tuple(
        replace(member, lacks_batch=bool(member.form.pair.other_ranks)) if isinstance(member, Child) else member
        for member in members
    )


def staying(members: Sequence[Member]) -> tuple[tuple[int, str, ast.expr], ...]:
    """The modules that stay, each with the number of layers made before it, its attribute and its expression."""
    found: list[tuple[int, str, ast.expr]] = []
    made = 0
    for member in members:
        if isinstance(member, Guest):
            found.append((made, member.attribute, member.node))
        else:
            made += 1
    return tuple(found)


def settle(plan: Plan, name: str, children: Sequence[Member]) -> None:
    """Where the state of layers goes."""
    for child in children:
        key = f"{name}.{child.key}" if child.key else name
        if isinstance(child, Guest):
            plan.moves[f"{key}.*"] = StateMove(f"{child.attribute}.*")
            continue
        for tensor in child.form.tensors:
            plan.moves[f"{key}.{tensor.slot.key}"] = StateMove(tensor.attribute)


def counter_lines(form: Form, self_name: str, depth: int = 0) -> list[Line]:
    """The statement that advances the batch counter as nn.BatchNorm does."""
    assert form.counter is not None
    return [
        line(f"if {self_name}.training:", depth=depth),
        line(f"{self_name}.{form.counter.attribute}.add_(1)", depth=depth + 1),
    ]


def _entries(model: Model, node: ast.Call, name: str) -> Iterator[tuple[str, ast.expr]]:
    if node.keywords:
        raise Kept("NF217", node, name="nn.Sequential", reason="it takes no keywords")
    if len(node.args) == 1 and _is_ordered(model, node.args[0]):
        ordered = node.args[0]
        assert isinstance(ordered, ast.Call)
        yield from _named(model, ordered, name)
        return
    for index, child in enumerate(node.args):
        if isinstance(child, ast.Starred):
            raise Kept(
                "NF222", child, name=name, text=_brief(model, child), reason="its layers are known at run time only"
            )
        yield str(index), child


def _is_ordered(model: Model, node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and model.source.path_of(node.func) == "collections.OrderedDict"


def _named(model: Model, node: ast.Call, name: str) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Call(args=[ast.List(elts=pairs) | ast.Tuple(elts=pairs)], keywords=[]):
            for pair in pairs:
                match pair:
                    case ast.Tuple(elts=[ast.Constant(value=str(key)), child]) if key.isidentifier():
                        yield key, child
                    case _:
                        raise Kept(
                            "NF222", pair, name=name, text=_brief(model, pair), reason="its name is not a literal"
                        )
        case _:
            raise Kept("NF222", node, name=name, text=_brief(model, node), reason="its entries are not a literal list")


def _brief(model: Model, node: ast.AST) -> str:
    if isinstance(node, ast.Call) and (path := model.source.path_of(node.func)) is not None:
        return shown(path)
    text = " ".join(model.source.says(node).split())
    return text if len(text) <= 50 else text[:47] + "..."
