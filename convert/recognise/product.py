"""Matrix products that are a plain linear layer in other words: `x @ w + b`, `torch.addmm(b, x, w)`, an einsum of both.

`x` stands on the left and is summed over its last axis. A weight of (in, out) is `turned`: nn.Linear holds (out, in).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..ops import Spelling, by_module
from ..shapes import same_text
from ..source import Source
from ..source.literal import literal_int
from .calls import FunctionCall, calls_in
from .creation import parameter_creation
from .einsum import linear_operands
from .local import tensor_attribute
from .model import Method, Model

_LINEAR = (by_module["torch.nn.Linear"],)
_MATMUL = {"torch.matmul", "torch.mm", "torch.linalg.matmul"}
_METHODS = {"matmul", "mm"}
_TWO_AXES = {"torch.mm", "mm", "torch.addmm", "addmm"}
_AXES = ({0, 1}, {0, -1}, {1, -2}, {-2, -1})


@dataclass(frozen=True)
class Product:
    """A product as it is written: `written` names it, `bias` is what is added to it, `call` the call of F.linear it is.

    `turned` where the weight is (in, out); `one_sum` where torch computes it by the very call that F.linear makes;
    `flat` where the input has two axes for certain.
    """

    node: ast.expr
    written: str
    input: ast.expr
    weight: ast.expr
    bias: ast.expr | None = None
    call: ast.Call | None = None
    turned: bool = True
    one_sum: bool = False
    flat: bool = False


def read_product(source: Source, node: ast.expr) -> Product | None:
    """Read an expression as a product without what is added to it, but for addmm."""
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            return _product(source, node, "x @ w", left, right)
        case ast.Call(func=func, args=args, keywords=keywords):
            path = source.path_of(func)
            if path == "torch.nn.functional.linear":
                return _transposed_linear(source, node)
            if keywords or any(isinstance(argument, ast.Starred) for argument in args):
                return None
            if path is not None:
                return _function(source, node, path, args)
            if isinstance(func, ast.Attribute) and func.attr in {*_METHODS, "addmm"}:
                return _function(source, node, func.attr, [func.value, *args])
    return None


def with_sum(source: Source, product: Product) -> Product:
    """The product with what is added to it, where that is done right away: `x @ w + b`."""
    around = source.parent(product.node)
    if product.bias is not None:
        return product
    match around:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            other = right if left is product.node else left
            return replace(product, node=around, bias=other, one_sum=False)
    return product


def products_under(source: Source, root: ast.AST) -> Iterator[FunctionCall]:
    """Every product below a node as a call of F.linear, whatever its weight is."""
    for node in source.walk(root):
        product = read_product(source, node) if isinstance(node, (ast.BinOp, ast.Call)) else None
        if product is not None:
            yield _call(with_sum(source, product), None)


def linear_products(model: Model) -> Iterator[FunctionCall]:
    """The products of a class with its own parameters, as calls of F.linear, in the order in which they run.

    A bias is taken in where every product with the weight has it and it has one axis; else it stays a sum.
    """
    values = (definition.value for attribute in model.attributes.values() for definition in attribute.definitions)
    if not any(_is_parameter(model, value) for value in values):
        return
    found = [product for node in _expressions(model) if (product := _own(model, node)) is not None]
    for name in dict.fromkeys(tensor_attribute(model, product.weight) for product in found):
        same = [product for product in found if tensor_attribute(model, product.weight) == name]
        summed = [with_sum(model.source, product) for product in same]
        biases = {_bias(model, product) for product in summed}
        others = [product for product in found if product not in same]
        # under autocast a product has half precision, and the sum that of the bias; F.linear has half for both
        fits = len(biases) == 1 and None not in biases and "autocast" not in model.source.text
        if fits and not any(_bias(model, with_sum(model.source, other)) in biases for other in others):
            same = summed
        yield from (_call(product, model.method_of(product.node)) for product in same)


def read_again(products: Sequence[FunctionCall]) -> set[ast.expr]:
    """The nodes of products, which are no other sites: `F.linear(x, w.t())` is a call of F.linear too."""
    return {node for product in products for node in (product.node, product.swallows) if node is not None}


def _call(product: Product, method: Method | None) -> FunctionCall:
    spelling = Spelling(function=product.written, exact=product.one_sum and not product.turned)
    args = {"input": product.input, "weight": product.weight}
    if product.bias is not None:
        args["bias"] = _bare_bias(product)
    inner = product.call if product.call is not product.node else None
    return FunctionCall(product.node, _LINEAR, spelling, args, method, swallows=inner, turned=product.turned)


def _expressions(model: Model) -> list[ast.expr]:
    """The operators and calls of a class; what stands inside another comes first."""
    calls: list[ast.expr] = list(calls_in(model))
    work: list[ast.AST] = list(model.node.body)
    while work:
        node = work.pop()
        if isinstance(node, ast.ClassDef):
            continue
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            calls.append(node)
        work += model.source.children(node)
    return sorted(calls, key=lambda each: (each.end_lineno or 0, each.end_col_offset or 0))


def _own(model: Model, node: ast.expr) -> Product | None:
    """The product, if its weight is a parameter of the class, and may have two axes."""
    product = read_product(model.source, node)
    name = tensor_attribute(model, product.weight) if product is not None else None
    definitions = model.attribute(name).definitions if name else []
    parameters = [each for each in definitions if _is_parameter(model, each.value)]
    if product is None or not parameters or isinstance(product.input, (ast.Yield, ast.YieldFrom)):
        return None
    made = parameter_creation(model.source, parameters[0])
    plain = made is None or len(made.axes) == 2 or any(axis.startswith("*") for axis in made.axes)
    return product if plain else None


def _is_parameter(model: Model, value: ast.expr | None) -> bool:
    if isinstance(value, ast.IfExp):
        return _is_parameter(model, value.body) or _is_parameter(model, value.orelse)
    return isinstance(value, ast.Call) and model.source.path_of(value.func) == "torch.nn.Parameter"


def _bias(model: Model, product: Product) -> str | None:
    """The attribute that is added, if it is a parameter of one axis, which lies along the last."""
    if product.bias is None:
        return None
    name = tensor_attribute(model, _bare_bias(product))
    definitions = model.attribute(name).definitions if name else []
    made = parameter_creation(model.source, definitions[0]) if len(definitions) == 1 else None
    if made is None or len(made.axes) != 1 or made.axes[0].startswith("*"):
        return None
    axes = _axes(model, product)
    return name if axes is None or same_text(made.axes[0], axes[1 if product.turned else 0]) else None


def _axes(model: Model, product: Product) -> tuple[str, ...] | None:
    """The shape of the weight, where the text tells it."""
    definitions = model.attribute(tensor_attribute(model, product.weight) or "").definitions
    made = parameter_creation(model.source, definitions[0]) if len(definitions) == 1 else None
    plain = made is not None and len(made.axes) == 2 and not any(axis.startswith("*") for axis in made.axes)
    return made.axes if made is not None and plain else None


def _bare_bias(product: Product) -> ast.expr:
    """`b` for `b.repeat(x.size(0), 1)` and its like, beside an input of two axes."""
    assert product.bias is not None
    if not product.flat:
        return product.bias
    rows = {f"{ast.unparse(product.input)}.{size}" for size in ("size(0)", "shape[0]", "size()[0]")}
    rows.add(f"len({ast.unparse(product.input)})")
    plain = isinstance(product.input, (ast.Name, ast.Attribute))
    match product.bias:
        case ast.Call(func=ast.Attribute(value=bias, attr="unsqueeze"), args=[axis], keywords=[]):
            return bias if literal_int(axis) == 0 else product.bias
        case ast.Call(func=ast.Attribute(value=bias, attr="view" | "reshape"), args=[one, rest], keywords=[]):
            return bias if (literal_int(one), literal_int(rest)) == (1, -1) else product.bias
        case ast.Call(func=ast.Attribute(value=bias, attr="repeat"), args=[count, one], keywords=[]):
            return bias if plain and literal_int(one) == 1 and ast.unparse(count) in rows else product.bias
        case ast.Call(func=ast.Attribute(value=bias, attr="expand"), args=[count, one], keywords=[]):
            return bias if plain and literal_int(one) == -1 and ast.unparse(count) in rows else product.bias
        case _:
            return product.bias


def _function(source: Source, node: ast.Call, name: str, args: list[ast.expr]) -> Product | None:
    written = name if name.startswith("torch.") else f"Tensor.{name}"
    match args:
        case [left, right] if name in _MATMUL or name in _METHODS:
            return _product(source, node, written, left, right, flat=name in _TWO_AXES)
        case [bias, left, right] if name in {"torch.addmm", "addmm"}:
            found = _product(source, node, written, left, right, flat=True)
            return replace(found, bias=bias) if found is not None else None
        case [equation, *operands] if name == "torch.einsum":
            match operands:
                case [ast.List(elts=inner) | ast.Tuple(elts=inner)]:
                    operands = inner
            read = linear_operands(equation, operands)
            return None if read is None else Product(node, written, read.input, read.weight, turned=read.turned)
        case _:
            return None


def _product(
    source: Source, node: ast.expr, written: str, left: ast.expr, right: ast.expr, *, flat: bool = False
) -> Product | None:
    weight, turns = _turned_back(right)
    return Product(node, written, left, weight, turned=not turns, one_sum=True, flat=flat)


def _transposed_linear(source: Source, node: ast.Call) -> Product | None:
    """`F.linear(x, w.t(), b)`."""
    given = dict(zip(("input", "weight", "bias"), node.args, strict=False))
    given.update({keyword.arg or "**": keyword.value for keyword in node.keywords})
    if not {"input", "weight"} <= set(given) <= {"input", "weight", "bias"}:
        return None
    weight, turns = _turned_back(given["weight"])
    if not turns or any(isinstance(value, ast.Starred) for value in given.values()):
        return None
    bias = given.get("bias")
    bias = None if isinstance(bias, ast.Constant) and bias.value is None else bias
    return Product(node, "F.linear", given["input"], weight, bias, call=node)


def _turned_back(node: ast.expr) -> tuple[ast.expr, bool]:
    """`w` for `w.t()` and the other ways to transpose a matrix, and whether it was one."""
    match node:
        case ast.Attribute(value=inner, attr="T" | "mT"):
            return inner, True
        case ast.Call(func=ast.Attribute(value=inner, attr="t"), args=[], keywords=[]):
            return inner, True
        case ast.Call(func=ast.Attribute(value=inner, attr="transpose"), args=[one, other], keywords=[]):
            return (inner, True) if {literal_int(one), literal_int(other)} in _AXES else (node, False)
        case ast.Call(func=ast.Attribute(value=inner, attr="permute"), args=[one, other], keywords=[]):
            return (inner, True) if (literal_int(one), literal_int(other)) == (1, 0) else (node, False)
        case _:
            return node, False
