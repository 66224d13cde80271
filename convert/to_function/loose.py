"""Layers without state outside of attributes become calls of functions: `criterion(y, t)` → `F.mse_loss(y, t)`."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from ..diagnostics import diagnose
from ..ops import Pair
from ..plan.edits import ReplaceStatement
from ..plan.loose import LoosePlan
from ..plan.naming import Names
from ..plan.plan import Kept
from ..plan.spelling import NoName, Speller
from ..recognise.calls import Construction, construction, shown
from ..recognise.literal import is_constant, is_repeatable
from ..recognise.loose import Loose, in_loop, is_declared, loose_layers
from ..recognise.model import Model
from ..recognise.surroundings import Surroundings
from ..rewrite import shares_line
from ..source import Source
from .call import function_call
from .form import Form
from .reader import FormReader

_ASKS = "torch.cuda.is_available"
_STRINGS = {"JoinedStr", "TemplateStr"}


def plan_loose(surroundings: Surroundings, speller: Speller, wanted: Callable[[Pair], bool]) -> LoosePlan:
    """Decide every such layer of a file."""
    plan, source = LoosePlan(), surroundings.source
    nobody = Model(source, ast.ClassDef(name="", bases=[], keywords=[], body=[], decorator_list=[]))
    for layer in loose_layers(source, surroundings.elsewhere):
        built = construction(nobody, layer.built)
        assert built is not None
        if not wanted(built.pair):
            continue
        if layer.fault is not None:
            plan.reasons[layer.built] = layer.fault
            continue
        before = len(plan.edits.edits)
        try:
            _write(plan, layer, _form(surroundings, nobody, speller, plan, layer, built), speller, source)
        except Kept as reason:
            del plan.edits.edits[before:]
            plan.reasons[layer.built] = _told(reason)
        except NoName as path:
            del plan.edits.edits[before:]
            plan.reasons[layer.built] = f"no certain name for {path} here"
    _drop_empty(source, plan)
    return plan


def _form(
    surroundings: Surroundings, nobody: Model, speller: Speller, plan: LoosePlan, layer: Loose, built: Construction
) -> Form:
    """The layer's functional form, with all of its settings said at the call. Raises Kept."""
    reader = FormReader(nobody, surroundings, Names(nobody, surroundings, {}), speller, plan.edits)
    form = reader.read(built, "layer")
    if form.tensors or form.padding is not None:
        raise Kept("NF243", function=built.written, reason="it holds a tensor", cure="")
    for name, node in built.args.items():
        if layer.statements and not _lasts(surroundings.source, layer, node):
            raise Kept("NF201", argument=name, function=built.written, text=surroundings.source.says(node))
    said = {f"{{self}}.{name}": text for name, text in form.settings}
    arguments = {name: said.get(text, text) for name, text in form.arguments.items()}
    if any("{self}" in text for text in arguments.values()):
        raise Kept("NF243", function=built.written, reason="its function needs to be told a mode", cure="")
    return replace(form, settings=(), arguments=arguments)


def _lasts(source: Source, layer: Loose, node: ast.expr) -> bool:
    """Whether an argument means the same at every call: names that are bound once, where all of them see it."""
    names = [name for name in ast.walk(node) if isinstance(name, ast.Name)]
    for name in names:
        home = source.scopes.scope_binding(name)
        if any(source.scopes.scope_binding(name, call) is not home for call in layer.calls):
            return False
    if is_constant(source, node):
        return True
    if not isinstance(node, ast.Name):
        return False
    scope = source.scopes.scope_binding(node)
    if scope is None or scope.bindings[node.id] != {"?"} or in_loop(source, layer.built, scope.node):
        return False  # in a loop, one binding gives many values
    stores = [one for one in source.stores.get(node.id, ()) if source.scopes.scope_binding(one) is scope]
    given = isinstance(scope.node, (ast.FunctionDef, ast.AsyncFunctionDef)) and any(
        isinstance(one, ast.arg) and one.arg == node.id for one in ast.walk(scope.node.args)
    )
    return len(stores) + given == 1 and node.id not in source.definitions and not is_declared(source, node.id)


def _write(plan: LoosePlan, layer: Loose, form: Form, speller: Speller, source: Source) -> None:
    for call in layer.calls:
        if any(type(around).__name__ in _STRINGS for around in source.ancestors(call)):
            raise Kept("NF237", call, text=source.says(call))
        plan.edits.replace(call, *function_call(source, form, call, "", "", speller))
    for statement in layer.statements:
        if shares_line(source, statement):
            raise Kept("NF227")
        plan.edits.replace_statement(statement)
    plan.done.add(layer.built)
    name = shown(form.pair.function_path)
    plan.convert(layer.built, f"nn.{form.pair.module} → {name}")
    for call in layer.calls if layer.statements else ():
        plan.convert(call, f"{source.says(call.func)} → {name}")


def _drop_empty(source: Source, plan: LoosePlan) -> None:
    """`if cuda: criterion.cuda()` goes with what it holds, if the question itself does nothing."""
    gone = {edit.node for edit in plan.edits.edits if isinstance(edit, ReplaceStatement)}
    for block in {source.parent(statement) for statement in gone}:
        if not isinstance(block, ast.If) or block.orelse or not gone.issuperset(block.body):
            continue
        asks = isinstance(block.test, ast.Call) and source.path_of(block.test.func) == _ASKS
        plain = not shares_line(source, block) and not source.comments_in(source.span(block))
        if plain and (asks or is_repeatable(source, block.test)) and not _is_elif(source, block):
            plan.edits.edits[:] = [
                edit
                for edit in plan.edits.edits
                if not (isinstance(edit, ReplaceStatement) and edit.node in block.body)
            ]
            plan.edits.replace_statement(block)


def _is_elif(source: Source, block: ast.If) -> bool:
    around = source.parent(block)
    return isinstance(around, ast.If) and block in around.orelse


def _told(reason: Kept) -> str:
    if reason.code == "NF243":
        return str(reason.facts["reason"])
    if reason.code == "NF217":
        return f"its arguments cannot be read: {reason.facts['reason']}"
    return diagnose(reason.code, 1, 0, what="", model=None, **reason.facts).message
