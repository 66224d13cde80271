"""How a layer attribute is used: called, or asked for its tensors. Any other use keeps the layer."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..ops import Pair
from ..plan.guards import Guards
from ..plan.plan import Kept
from ..recognise.batch import counted_rank, keeps_rank
from ..recognise.calls import shown
from ..recognise.model import Attribute, Method, Model
from ..rewrite import shares_line
from .form import Form


@dataclass(frozen=True)
class LayerCall:
    """`self.conv1(x)`."""

    node: ast.Call
    self_name: str
    method: Method


@dataclass(frozen=True)
class TensorUse:
    """`self.conv1.weight`, read or assigned; `slot` is the tensor's key below the layer."""

    node: ast.Attribute
    owner: str
    slot: str


def layer_uses(model: Model, name: str, has_slot: Callable[[str], bool]) -> tuple[list[LayerCall], list[TensorUse]]:
    """All uses of an attribute, sorted into calls and tensor uses. Raises Kept at any other."""
    calls: list[LayerCall] = []
    tensors: list[TensorUse] = []
    for use in model.attribute(name).uses:
        parent = model.source.parent(use)
        match parent:
            case ast.Call(func=func) if func is use:
                method = model.method_of(use)
                assert method is not None
                assert isinstance(use.value, ast.Name)
                calls.append(LayerCall(parent, use.value.id, method))
            case ast.Attribute():
                read = _tensor_use(model, use, parent, has_slot)
                if read is None:
                    raise Kept("NF229", parent, text=model.source.says(parent))
                tensors.append(read)
            case _:
                raise Kept("NF214", use, name=name, text=_around(model, use))
    return calls, [*tensors, *_alias_uses(model, name, has_slot)]


def _alias_uses(model: Model, name: str, has_slot: Callable[[str], bool]) -> Iterator[TensorUse]:
    """`conv.weight`, where the local `conv` holds the layer that self gets."""
    owners = [definition.method.self_name for definition in model.attribute(name).definitions]
    for alias in model.attribute(name).aliases:
        around = model.source.parent(alias)
        if not isinstance(around, ast.Attribute) or not has_slot(around.attr) or owners[0] is None:
            raise Kept("NF214", alias, name=name, text=_around(model, alias))
        yield TensorUse(around, owners[0], around.attr)


def _tensor_use(
    model: Model, use: ast.Attribute, node: ast.Attribute, has_slot: Callable[[str], bool]
) -> TensorUse | None:
    """`self.conv1.weight`, `self.attn.out_proj.weight`: None where it is no tensor of the layer."""
    key, around = node.attr, model.source.parent(node)
    if not has_slot(key) and isinstance(around, ast.Attribute):
        key, node = f"{key}.{around.attr}", around
    if not has_slot(key) or isinstance(node.ctx, ast.Del):
        return None
    return TensorUse(node, model.source.says(use.value), key)


def choice_uses(model: Model, attribute: Attribute) -> tuple[list[LayerCall], list[tuple[ast.expr, str]]]:
    """Calls with one input, and tests against None with how they read when `{witness}` is tested. Raises Kept."""
    calls: list[LayerCall] = []
    tests: list[tuple[ast.expr, str]] = []
    for use in attribute.uses:
        owner = model.source.says(use.value)
        match model.source.parent(use):
            case ast.Call(func=func) as call if func is use:
                method = model.method_of(use)
                assert method is not None
                if len(attribute.definitions) > 1 and method is model.init:
                    raise Kept("NF214", use, name=attribute.name, text=_around(model, use))
                check_single(call, attribute.name)
                calls.append(LayerCall(call, owner, method))
            case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]) if (
                left is use
            ):
                tests.append((use, f"{owner}.{{witness}}"))
            case _:
                raise Kept("NF214", use, name=attribute.name, text=_around(model, use))
    return calls, tests


def check_single(call: ast.Call, name: str) -> None:
    """What becomes a method of one argument is called with one."""
    if len(call.args) != 1 or call.keywords or isinstance(call.args[0], ast.Starred):
        raise Kept("NF217", call, name=f"self.{name}", reason="it takes one input")


def check_layer(guards: Guards, name: str, form: Form, *, keys: bool = True) -> None:
    """Nothing walks over layers of this kind, reads their keys (where these change), or handles their mode by hand."""
    guards.check_kind(form.pair.module_path, told=bool(form.tensors))
    if not keys:
        guards.check_protocol()
    elif form.tensors:
        guards.check_keys(name, apart=guards.asked(name))
    if form.pair.mode:
        guards.check_mode()


def lacks_batch(model: Model, call: LayerCall, pairs: Sequence[Pair], *, alone: bool = True) -> bool:
    """Whether a layer that reads input without a batch otherwise than its function may be given such."""
    strict = next((pair for pair in pairs if pair.other_ranks), None)
    if strict is None:
        return False
    given = [*call.node.args, *(keyword.value for keyword in call.node.keywords)]
    rank = counted_rank(model, given[0]) if given else None
    before = pairs[: pairs.index(strict)]
    return not alone or rank not in strict.ranks or not all(keeps_rank(pair) for pair in before)


def check_batch(model: Model, call: LayerCall, pair: Pair) -> None:
    """Where no method can ask for it, such a layer is given a batch for certain."""
    if lacks_batch(model, call, [pair]):
        raise Kept("NF238", call.node, name=f"nn.{pair.module}", function=shown(pair.function_path))


def counting_statement(model: Model, call: LayerCall) -> ast.stmt | None:
    """The statement before which the batch counter advances, which runs the call exactly once; None if none does."""
    statement = model.source.statement(call.node)
    inner: ast.AST = call.node
    for around in model.source.ancestors(call.node):
        if isinstance(around, ast.stmt):
            break
        if not _always_runs(around, inner):
            return None
        inner = around
    plain = isinstance(statement, (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return))
    return statement if plain and not shares_line(model.source, statement) else None


def _always_runs(around: ast.AST, inner: ast.AST) -> bool:
    """Whether an expression evaluates this part of it exactly once, whatever the values."""
    match around:
        case ast.IfExp(test=test):
            return inner is test
        case ast.BoolOp(values=[first, *_]):
            return inner is first
        case ast.Compare(left=left, comparators=[only]):
            return inner is left or inner is only
        case ast.Compare() | ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return False
        case ast.comprehension():
            return False
        case _:
            return True


def _around(model: Model, use: ast.AST) -> str:
    parent = model.source.parent(use)
    node = parent if isinstance(parent, ast.expr) else use
    text = " ".join(model.source.says(node).split())
    return text if len(text) <= 60 else text[:57] + "..."
