"""Objects in a container that hold a layer's tensors, read back: each becomes the layer that it stands for.

`layer = nn.Module()` with `layer.weight = nn.Parameter(…)` in a method that makes it, and `F.linear(x, fc.weight,
fc.bias)` where it is used: `nn.Linear(…)` and `fc(x)`, under the same keys.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..plan.guards import Guards
from ..plan.plan import Kept
from ..recognise.calls import FunctionCall, function_calls
from ..recognise.containers import Member, read_holder
from ..recognise.flow import flow_of
from ..recognise.model import Method, Model
from ..recognise.surroundings import Surroundings
from ..rewrite import shares_line
from ..source import Source


@dataclass(eq=False)
class Maker:
    """A method that makes such an object, in its local `name`, and the calls of torch that are handed its tensors."""

    model: Model
    method: Method
    name: str
    members: list[Member] = field(default_factory=list)
    calls: list[HeldCall] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class HeldCall:
    """`F.linear(x, fc.weight, fc.bias)`: `owner` is `fc`, which is what one of these makers has made."""

    call: FunctionCall
    owner: ast.expr
    makers: tuple[Maker, ...]


def held_makers(source: Source, surroundings: Surroundings) -> list[Maker]:
    """The makers of a file whose objects go nowhere but into calls that may be one layer's."""
    if "Module()" not in source.text:
        return []
    found: list[Maker] = []
    for model in surroundings.models:
        makers = {method.name: maker for method in model.methods.values() if (maker := _maker(model, method))}
        found += _used(model, makers, Guards(model, surroundings)) if makers else []
    return found


def _maker(model: Model, method: Method) -> Maker | None:
    """`def make(self, …): layer = nn.Module() … return layer`, which reads nothing of self."""
    node, source = method.node, model.source
    match node.body:
        case [ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=func, args=[], keywords=[])), *_, last]:
            plain = source.path_of(func) == "torch.nn.Module" and isinstance(node, ast.FunctionDef)
        case _:
            return None
    returns = isinstance(last, ast.Return) and isinstance(last.value, ast.Name) and last.value.id == name
    inner = [one for one in source.walk(node) if isinstance(one, (ast.Return, ast.Yield, ast.FunctionDef, ast.Lambda))]
    bare = [one for one in source.walk(node) if isinstance(one, ast.Name) and one.id in {method.self_name, "super"}]
    stores = [n for n in source.walk(node) if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store)]
    odd = node.args.vararg or node.args.kwarg or node.args.kwonlyargs or node.args.posonlyargs or node.decorator_list
    if not plain or not returns or bare or odd or len(stores) != 1 or len(inner) != 2 or method.self_name is None:
        return None
    if any(shares_line(source, statement) for statement in node.body) or node.body[0].lineno == node.lineno:
        return None
    return Maker(model, method, name)


def _used(model: Model, makers: dict[str, Maker], guards: Guards) -> list[Maker]:
    """The makers, with the calls that their objects are handed to; without those of which anything else is done."""
    out: set[Maker] = set()
    reads: dict[ast.AST, tuple[Member, ...]] = {}
    owners: dict[Member, Maker] = {}
    for attribute in model.attributes.values():
        holder = read_holder(model, attribute)
        for member in holder.members() if holder is not None else ():
            if (maker := _made_by(model, member.node, makers)) is not None:
                owners[member] = maker
                maker.members.append(member)
        if holder is None or not any(member in owners for member in holder.members()):
            continue
        flow = flow_of(model, attribute, holder)
        reads |= {read.node: read.members for read in flow.reads}
        lost = [member for _, members in flow.lost for member in members]
        lost += [member for call in flow.calls for member in call.members]
        out |= {owners[member] for member in lost if member in owners}
        if not _is_free(guards, attribute.name):
            out |= {owners[member] for member in holder.members() if member in owners}
    for call in function_calls(model):
        held = _held_call(model, call, reads, owners)
        if held is None:
            continue
        for maker in held.makers:
            maker.calls.append(held)
    for maker in makers.values():
        calls = {id(member.node) for member in maker.members}
        uses = [model.source.parent(use) for use in model.attribute(maker.method.name).uses]
        if not maker.calls or any(id(use) not in calls for use in uses) or not _is_ours(guards, maker.method.name):
            out.add(maker)
    return without(list(makers.values()), out)


def without(makers: Sequence[Maker], out: set[Maker]) -> list[Maker]:
    """The makers but those that are out, and those whose objects are handed to one call with theirs."""
    size = -1
    while size != len(out):
        size = len(out)
        for maker in makers:
            if any(not out.isdisjoint(held.makers) for held in maker.calls):
                out.add(maker)
    return [maker for maker in makers if maker not in out]


def _is_free(guards: Guards, name: str) -> bool:
    try:
        guards.check_class()
        guards.check_reach(name)
    except Kept:
        return False
    return True


def _is_ours(guards: Guards, name: str) -> bool:
    """Whether a method is called in its own class alone."""
    attribute = guards.model.attribute(name)
    foreign = guards.surroundings.foreign_uses(guards.model, name)
    claimed = guards.surroundings.claims(guards.model, name) or guards.surroundings.elsewhere.attributes.get(name)
    return not (attribute.named or attribute.odd or foreign or claimed)


def _made_by(model: Model, node: ast.expr, makers: dict[str, Maker]) -> Maker | None:
    return makers.get(model.self_attribute(node.func) or "") if isinstance(node, ast.Call) else None


def _held_call(
    model: Model, call: FunctionCall, reads: dict[ast.AST, tuple[Member, ...]], owners: dict[Member, Maker]
) -> HeldCall | None:
    """The call, if all tensors that it is handed are those of one object that such makers have made."""
    slots = list(_slots(call))
    if call.fault or call.method is None or call.method.self_name is None or not slots:
        return None
    if any(not isinstance(node, ast.Attribute) or node not in reads for _, node in slots):
        return None
    texts = {ast.unparse(node.value) for _, node in slots if isinstance(node, ast.Attribute)}
    found = {members for _, node in slots if (members := reads[node])}
    named = all(isinstance(node, ast.Attribute) and node.attr == name for name, node in slots)
    if len(texts) != 1 or len(found) != 1 or not named or any(member not in owners for member in next(iter(found))):
        return None
    owner = slots[0][1]
    assert isinstance(owner, ast.Attribute)
    if any(isinstance(node, (ast.Call, ast.NamedExpr, ast.Await)) for node in model.source.walk(owner)):
        return None  # which runs once for each tensor
    makers = tuple(dict.fromkeys(owners[member] for member in next(iter(found))))
    return HeldCall(call, owner.value, makers)


def _slots(call: FunctionCall) -> Iterator[tuple[str, ast.expr]]:
    """The tensors that a call is handed, by the names that the layer has for them."""
    for slot in call.pairs[0].handed:
        node = call.args.get(slot.name)
        if node is not None and not (isinstance(node, ast.Constant) and node.value is None):
            yield slot.key, node
