"""What a file does with a variable that holds weights, and how that reads when it holds a module instead."""

from __future__ import annotations

import ast

from ..plan.plan import Kept
from ..source import Source, Span
from .fresh import check_in_place
from .weights import constant_key, says_it_trains

Change = tuple[Span, str]
ITEMS = "nnflip_items_0_0_"
"""Stands for `named_parameters`, whose names are those of the dictionary: no reason to leave a layer alone."""

_PARAMETER = "torch.nn.Parameter"
_REGISTERS = {"append", "add_module", "register_module", "register_parameter", "__init__"}
_DRAINS = {"list", "tuple", "sum", "any", "all", "sorted", "set", "enumerate", "zip"}


def change_of(source: Source, use: ast.Name, new: str, reads: dict[str, str], *, buffers: bool) -> list[Change]:
    """The characters to change at one use. Raises Kept where a module cannot stand in for the dictionary.

    `reads`: key → how its tensor reads after the instance's name. `buffers`: some entries are no parameters.
    """
    parent = source.parent(use)
    if isinstance(parent, ast.Subscript) and parent.value is use and isinstance(parent.ctx, ast.Load):
        key = constant_key(parent.slice)
        check_in_place(source, [parent])
        if key is not None and key in reads:
            return [(source.span(parent), f"{new}.{reads[key]}")]
    if isinstance(parent, ast.Attribute) and not buffers:
        call = source.parent(parent)
        if isinstance(call, ast.Call) and call.func is parent and not call.args and not call.keywords:
            if parent.attr == "values":
                text = f"{new}.parameters()"
                return [(source.span(call), text if drains(source, call) else f"list({text})")]
            if parent.attr == "items" and _is_iterated(source, call):
                return [(source.span(call), f"{new}.{ITEMS}()")]
    statement = source.statement(use)
    text = " ".join(source.says(statement).split())
    raise Kept("NF289", use, name=use.id, other=use.lineno, text=text if len(text) <= 60 else text[:57] + "...")


def check_place(source: Source, node: ast.AST) -> None:
    """Raise Kept inside an f-string: what may be written there, and where its parts stand, differs between Pythons."""
    if any(type(around).__name__ in {"JoinedStr", "TemplateStr"} for around in source.ancestors(node)):
        raise Kept("NF237", node, text=" ".join(source.says(source.statement(node)).split())[:60])


def check_unregistered(source: Source, node: ast.expr) -> None:
    """Raise Kept where an object may come to hold what is read: a module registers parameters and modules."""
    around = source.parent(node)
    match around:
        case ast.Assign(targets=targets) if any(isinstance(target, ast.Attribute) for target in targets):
            held = True
        case ast.Call() | ast.keyword() if isinstance(call := _call_around(source, around), ast.Call):
            func = call.func
            path = source.path_of(func) or ""
            layer = path.startswith("torch.nn.") and path.rpartition(".")[2][:1].isupper() and path != _PARAMETER
            own = isinstance(func, ast.Name) and any(one.name == func.id for one in source.every(ast.ClassDef))
            held = layer or own or (isinstance(func, ast.Attribute) and func.attr in _REGISTERS)
        case _:
            held = False
    if held:
        text = " ".join(source.says(source.statement(node)).split())[:60]
        raise Kept("NF299", node, name=source.says(node), other=node.lineno, text=text)


def _call_around(source: Source, node: ast.AST) -> ast.AST | None:
    return source.parent(node) if isinstance(node, ast.keyword) else node


def only_says_it_trains(source: Source, use: ast.Name) -> ast.For | None:
    """The loop over the weights that a use belongs to, if all it does is to say that they train."""
    for around in source.ancestors(use):
        if isinstance(around, ast.For) and says_it_trains(around, use.id):
            return around
    return None


def drains(source: Source, call: ast.Call) -> bool:
    """Whether what is given once is read once: a module's `parameters()` is a generator."""
    around = source.parent(call)
    match around:
        case ast.For() | ast.comprehension():
            return around.iter is call
        case ast.Call(func=ast.Name(id=name)) if around.func is not call:
            return name in _DRAINS and not source.scopes.is_bound(name, around)
        case ast.Call(func=func):
            path = source.path_of(func) or ""
            return path.startswith("torch.optim.") and around.args[:1] == [call]
        case ast.Starred():
            return True
        case _:
            return False


def needs_order(source: Source, use: ast.Name) -> bool:
    """Whether a use of the dictionary goes through its weights in an order that may be seen."""
    call = source.parent(source.parent(use) or use)
    return not isinstance(call, ast.Call) or needs_order_of_call(source, call)


def needs_order_of_call(source: Source, call: ast.Call) -> bool:
    """Whether what a call gives, all weights, is gone through in an order that may be seen."""
    around = source.parent(call)
    match around:
        case ast.Call(func=ast.Name(id="sum" | "any" | "all" | "set" | "len")):
            return False
        case ast.Call(func=ast.Name(id="list" | "tuple")):
            outer = source.parent(around)
            return not (isinstance(outer, ast.Call) and (source.path_of(outer.func) or "").startswith("torch.optim."))
        case ast.Call(func=func):
            return not (source.path_of(func) or "").startswith("torch.optim.")
        case ast.For(target=ast.Name(id=name), body=body):
            return not all(_is_of(statement, name) for statement in body)
        case ast.comprehension():
            whole = source.parent(around)
            outer = source.parent(whole) if whole is not None else None
            summed = isinstance(outer, ast.Call) and isinstance(outer.func, ast.Name)
            return not (summed and outer.func.id in {"sum", "any", "all", "set"})  # type: ignore[union-attr]
        case _:
            return True


def _is_of(statement: ast.stmt, name: str) -> bool:
    """Whether a statement does something to one weight and nothing else: `p -= lr * p.grad`, `p.grad = None`."""
    match statement:
        case ast.AugAssign(target=target, value=value) | ast.Assign(targets=[target], value=value):
            draws = any(isinstance(node, ast.Call) for node in ast.walk(value))
        case ast.Expr(value=ast.Call(func=target)):
            draws = isinstance(target, ast.Attribute) and target.attr in {"normal_", "uniform_", "bernoulli_"}
        case ast.If(test=test, body=body, orelse=[]):
            calls = any(isinstance(node, ast.Call) for node in ast.walk(test))
            return not calls and all(_is_of(inner, name) for inner in body)
        case _:
            return False
    root: ast.expr = target
    while isinstance(root, ast.Attribute):
        root = root.value
    return isinstance(root, ast.Name) and root.id == name and not draws


def _is_iterated(source: Source, call: ast.Call) -> bool:
    around = source.parent(call)
    return isinstance(around, (ast.For, ast.comprehension)) and around.iter is call


def without_argument(source: Source, call: ast.Call, argument: ast.expr) -> Span:
    """The characters of one argument of a call, with the comma that goes with it."""
    whole: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    parts = sorted(whole, key=lambda part: source.span(part).start)
    number = next(n for n, part in enumerate(parts) if part is argument or getattr(part, "value", None) is argument)
    here = source.span(parts[number])
    if number + 1 < len(parts):
        return Span(here.start, source.span(parts[number + 1]).start)
    if number:
        return Span(source.span(parts[number - 1]).end, here.end)
    close = source.text.index(")", here.end) if "," in source.text[here.end : source.span(call).end] else here.end
    return Span(here.start, close)
