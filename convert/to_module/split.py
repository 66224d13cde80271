"""One instance per use: a layer without parameters that several places call becomes as many layers.

self.relu = nn.ReLU()                     self.relu = nn.ReLU()
                                   →      self.relu_1 = nn.ReLU()
self.relu(self.a(self.relu(x)))           self.relu_1(self.a(self.relu(x)))
"""

from __future__ import annotations

import ast

from ..plan.edits import line
from ..plan.guards import Guards
from ..plan.naming import Names
from ..plan.plan import Kept, Plan
from ..recognise.calls import Construction, construction
from ..recognise.literal import is_repeatable
from ..recognise.model import Attribute
from ..rewrite import shares_line


def split_shared(plan: Plan, guards: Guards, names: Names) -> None:
    """Give every call of a stateless layer an instance of its own."""
    for attribute in list(plan.model.attributes.values()):
        built = [construction(plan.model, definition.value) for definition in attribute.definitions]
        if len(built) != 1 or built[0] is None or built[0].pair.slots or len(attribute.uses) < 2:
            continue
        try:
            with plan.together(), names.together():
                _split(plan, guards, names, attribute, built[0])
        except Kept as reason:
            plan.keep(reason, built[0].node)


def _split(plan: Plan, guards: Guards, names: Names, attribute: Attribute, built: Construction) -> None:
    source = plan.model.source
    definition = attribute.definitions[0]
    guards.check_class()
    guards.check_attribute(attribute.name)
    guards.check_kind(built.pair.module_path)
    if definition.form != "assign" or definition.method.self_name is None:
        raise Kept("NF208", name=attribute.name, count=1)
    if shares_line(source, definition.statement):
        raise Kept("NF227")
    for node in (*built.node.args, *(keyword.value for keyword in built.node.keywords)):
        if not is_repeatable(source, node):
            raise Kept("NF224", text=source.says(node))
    for use in attribute.uses:
        call = source.parent(use)
        if not (isinstance(call, ast.Call) and call.func is use):
            raise Kept("NF214", use, name=attribute.name, text=source.says(use))
    constructor = source.says(built.node)
    uses = sorted(attribute.uses, key=lambda use: _ends(source.parent(use)))
    for use in uses[1:]:
        name = names.fresh(attribute.name)
        new = line(f"{definition.method.self_name}.{name} = {constructor}")
        plan.edits.insert(definition.statement, new, after=True)
        plan.edits.replace(use, f"{source.says(use.value)}.{name}")
        plan.convert(use, f"self.{attribute.name} → self.{name}, an instance of its own")
    plan.gain(functions=0, modules=len(uses) - 1)


def _ends(call: ast.AST | None) -> tuple[int, int]:
    """Where a call ends, which is the order in which calls run."""
    assert isinstance(call, ast.Call)
    return call.end_lineno or 0, call.end_col_offset or 0
