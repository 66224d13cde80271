"""Miscompilations of the code around the calls: order, ties, gradients, modes, what is returned."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

Mutants = Callable[[ast.Module], Iterator[ast.Module]]
_OTHER = {
    "relu": "gelu",
    "gelu": "silu",
    "silu": "relu",
    "sigmoid": "tanh",
    "tanh": "sigmoid",
    "elu": "relu",
    "ReLU": "GELU",
    "GELU": "SiLU",
    "SiLU": "ReLU",
    "Sigmoid": "Tanh",
    "Tanh": "Sigmoid",
    "ELU": "ReLU",
    "log_softmax": "softmax",
    "LogSoftmax": "Softmax",
    "max_pool2d": "avg_pool2d",
    "MaxPool2d": "AvgPool2d",
    "mean": "sum",
    "softmax": "log_softmax",
    "Softmax": "LogSoftmax",
    "avg_pool2d": "max_pool2d",
}
_SHAPING = frozenset({"relu", "gelu", "tanh", "sigmoid", "dropout", "batch_norm", "layer_norm", "silu", "softmax"})


def _at(tree: ast.Module, keep: Callable[[ast.AST], bool], mend: Callable[[ast.AST], ast.AST]) -> Iterator[ast.Module]:
    """One tree per node of a forward method that `keep` accepts, in which `mend` has replaced it."""
    for number, node in enumerate(_forward_nodes(tree)):
        if keep(node):
            other = copy.deepcopy(tree)
            target = next(one for at, one in enumerate(_forward_nodes(other)) if at == number)
            yield ast.fix_missing_locations(_Replace(target, mend(target)).visit(other))


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().generic_visit(node)


def _forwards(tree: ast.Module) -> list[ast.FunctionDef]:
    return [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == "forward"]


def _forward_nodes(tree: ast.Module) -> list[ast.AST]:
    return [node for forward in _forwards(tree) for node in ast.walk(forward)]


def _expression(text: str, **nodes: ast.expr) -> ast.expr:
    """`text` with names replaced by expressions."""
    filled = re.sub(rf"\b({'|'.join(nodes)})\b", lambda match: f"({ast.unparse(nodes[match[1]])})", text)
    return ast.parse(filled, mode="eval").body


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and bool(node.args) and not isinstance(node.args[0], ast.Starred)


def _is_tensor_call(node: ast.AST) -> bool:
    """A call of a layer or of a function of torch, with the tensor first."""
    if not _is_call(node) or not isinstance(node.func, ast.Attribute):  # type: ignore[attr-defined]
        return False
    owner = node.func.value  # type: ignore[attr-defined]
    return isinstance(owner, ast.Name) and owner.id in ("self", "F", "torch")


def _first(template: str) -> Mutants:
    """The first argument of each tensor call, as `template` has it."""

    def mend(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Call)
        return ast.Call(node.func, [_expression(template, _e=node.args[0]), *node.args[1:]], node.keywords)

    return lambda tree: _at(tree, _is_tensor_call, mend)


def _call(template: str) -> Mutants:
    """Each tensor call, as `template` has it."""
    return lambda tree: _at(tree, _is_tensor_call, lambda node: _expression(template, _e=node))  # type: ignore[arg-type]


def _returned(template: str) -> Mutants:
    def mend(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Return)
        assert node.value is not None
        return ast.Return(_expression(template, _e=node.value))

    return lambda tree: _at(tree, lambda node: isinstance(node, ast.Return) and node.value is not None, mend)


def _layer_dropped(tree: ast.Module) -> Iterator[ast.Module]:
    yield from _at(tree, _is_tensor_call, lambda node: node.args[0])  # type: ignore[attr-defined]


def _layer_twice(tree: ast.Module) -> Iterator[ast.Module]:
    def mend(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.Call)
        return ast.Call(node.func, [node, *node.args[1:]], node.keywords)

    yield from _at(tree, _is_tensor_call, mend)


def _other_function(tree: ast.Module) -> Iterator[ast.Module]:
    """An activation or pooling in place of another, constructors included."""
    for number, node in enumerate(ast.walk(tree)):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in _OTHER
            and isinstance(node.value, (ast.Name, ast.Attribute))
        ):
            if isinstance(node.value, ast.Name) and node.value.id == "self":
                continue
            other = copy.deepcopy(tree)
            target = next(one for at, one in enumerate(ast.walk(other)) if at == number)
            assert isinstance(target, ast.Attribute)
            target.attr = _OTHER[target.attr]
            yield other


def _statements_swapped(tree: ast.Module) -> Iterator[ast.Module]:
    for number, forward in enumerate(_forwards(tree)):
        for at, (one, other) in enumerate(zip(forward.body, forward.body[1:], strict=False)):
            if isinstance(one, ast.Assign) and isinstance(other, ast.Assign):
                new = copy.deepcopy(tree)
                body = _forwards(new)[number].body
                body[at], body[at + 1] = body[at + 1], body[at]
                yield new


def _inserted(text: str) -> Mutants:
    """A statement before all others of forward, `_x` standing for its first input."""

    def mutants(tree: ast.Module) -> Iterator[ast.Module]:
        for number, forward in enumerate(_forwards(tree)):
            if len(forward.args.args) > 1:
                new = copy.deepcopy(tree)
                target = _forwards(new)[number]
                target.body[:0] = ast.parse(text.replace("_x", forward.args.args[1].arg)).body
                yield ast.fix_missing_locations(new)

    return mutants


def _binary(operator: ast.operator | None) -> Mutants:
    """`a + b` with another operator, or only its left side."""

    def mend(node: ast.AST) -> ast.AST:
        assert isinstance(node, ast.BinOp)
        return node.left if operator is None else ast.BinOp(node.left, operator, node.right)

    return lambda tree: _at(tree, lambda node: isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add), mend)


def _states_swapped(tree: ast.Module) -> Iterator[ast.Module]:
    """Every two entries or layers of self that forward uses, exchanged."""
    names = sorted(
        {
            node.attr
            for node in _forward_nodes(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
        }
        - {"training"}
    )
    for one, other in pairwise(names):
        new = copy.deepcopy(tree)
        for node in _forward_nodes(new):
            if isinstance(node, ast.Attribute) and node.attr in (one, other):
                node.attr = other if node.attr == one else one
        yield new


def _state_reused(tree: ast.Module) -> Iterator[ast.Module]:
    """The second of two entries never used, the first in its place."""
    for new in _states_swapped(tree):
        names = {node.attr for node in _forward_nodes(new) if isinstance(node, ast.Attribute)}
        for name in sorted(names):
            if name[-1:].isdigit() or "_" in name:
                merged = copy.deepcopy(tree)
                stem = re.sub(r"\d", "1", name)
                for node in _forward_nodes(merged):
                    if isinstance(node, ast.Attribute) and node.attr == name:
                        node.attr = stem
                if stem != name and stem in names:
                    yield merged
        return


def _constant_changed(tree: ast.Module) -> Iterator[ast.Module]:
    yield from _at(
        tree,
        lambda node: isinstance(node, ast.Constant) and type(node.value) is float,
        lambda node: ast.Constant(node.value * 1.5 + 0.1),  # type: ignore[attr-defined]
    )


def _parameter(text: str) -> Mutants:
    """What a parameter is registered as."""

    def mutants(tree: ast.Module) -> Iterator[ast.Module]:
        for number, node in enumerate(ast.walk(tree)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("nn.Parameter", "torch.nn.Parameter"):
                new = copy.deepcopy(tree)
                target = next(one for at, one in enumerate(ast.walk(new)) if at == number)
                filled = _expression(text, _e=target.args[0])  # type: ignore[attr-defined]
                yield ast.fix_missing_locations(_Replace(target, filled).visit(new))

    return mutants


def _tie_broken(tree: ast.Module) -> Iterator[ast.Module]:
    """`self.b.weight = self.a.weight` left out."""
    for cls in ast.walk(tree):
        for index, line in enumerate(getattr(cls, "body", []) if isinstance(cls, ast.FunctionDef) else []):
            if isinstance(line, ast.Assign) and re.fullmatch(r"self\.\S+ = self\.\w+(\.\w+)*", ast.unparse(line)):
                new = copy.deepcopy(tree)
                twin = next(
                    one for one in ast.walk(new) if isinstance(one, ast.FunctionDef) and one.lineno == cls.lineno
                )
                twin.body[index] = ast.Pass()
                yield ast.fix_missing_locations(new)


KINDS: dict[str, Mutants] = {
    "layer dropped": _layer_dropped,
    "layer twice": _layer_twice,
    "another function": _other_function,
    "order of statements": _statements_swapped,
    "input detached": _first("_e.detach()"),
    "input cloned without gradient": _first("_e.data.clone()"),
    "input scaled": _first("(_e * 1.001)"),
    "gradient doubled": _call("(_e + (_e - (_e).detach()))"),
    "result detached": _call("_e.detach()"),
    "result rounded": _call("_e.half().float()"),
    "residual lost": _binary(None),
    "sum is a difference": _binary(ast.Sub()),
    "sum is a product": _binary(ast.Mult()),
    "states swapped": _states_swapped,
    "state used twice": _state_reused,
    "constant changed": _constant_changed,
    "parameter frozen": _parameter("nn.Parameter(_e, requires_grad=False)"),
    "parameter is a plain tensor": _parameter("_e.requires_grad_()"),
    "tie broken": _tie_broken,
    "input changed in place": _inserted("_x.add_(1) if _x.is_floating_point() else None"),
    "random number drawn": _inserted("torch.rand(1)"),
    "no gradients": _inserted("torch.set_grad_enabled(False)"),
    "never in training": _inserted("self.eval()"),
    "always in training": _inserted("self.train()"),
    "returned in a tuple": _returned("(_e,)"),
    "returned as float64": _returned("(_e).double() if torch.is_tensor(_e) else _e"),
    "returned with one axis more": _returned("(_e)[None]"),
    "returned without gradient": _returned("(_e).detach() if torch.is_tensor(_e) else None"),
    "nothing returned": _returned("None"),
    "returned a view of half": _returned("(_e)[:1]"),
    "raises": _inserted("raise ValueError('no')"),
}
