"""A plain class that holds tensors that train: an nn.Module by its base, `super().__init__()` and nn.Parameter.

`class Net:` with `self.w = torch.randn(…, requires_grad=True)` and `F.linear(x, self.w)`. Its own `parameters()`, if it
lists just these tensors, is what nn.Module has anyway.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from ..diagnostics import Diagnostic, diagnose
from ..outcome import Converted, ModelOutcome
from ..plan.naming import MODULE_MEMBERS
from ..plan.plan import Kept
from ..recognise.calls import FunctionCall
from ..recognise.model import Attribute, Model, read_class
from ..rewrite import shares_line
from ..source import Source, Span
from .finish import Words, moved_lines, relocated
from .of_model import OfModel
from .pieces import Origins, Patched, Row, whole_lines
from .training import Training, training_of
from .uses import drains, needs_order_of_call

_DUNDER = {"__init__", "__call__", "__repr__", "__str__"}


@dataclass(frozen=True)
class PlainClass(OfModel):
    """A class without a base, its tensors that train in the order of their making, and the calls that take them."""

    tensors: dict[str, Training]
    weighted: tuple[FunctionCall, ...]

    @property
    def old_names(self) -> set[str]:
        """Names of the module that go away, or mean something else: the class stays a class."""
        return set()

    def sites(self) -> Iterator[tuple[ast.expr, str]]:
        """The calls of torch that take weights."""
        for call in self.weighted:
            yield call.node, self.name

    def decided(self, taken: Collection[str], number: int) -> PlainClass:
        """The same, if it can be an nn.Module. Raises Kept."""
        check_plain_class(self)
        return self

    def write(self, patched: Patched, nn: str) -> None:
        """Add the patches. Raises Kept."""
        write_plain_class(self, patched, nn)

    def problem(self, outcome: ModelOutcome, text: str, origins: Origins) -> Diagnostic | None:
        """Why it stays: the reason of its first call, where no layer has come of it."""
        if any(move.key != key for key, move in outcome.state_map.items()):
            return None
        about = [one for one in outcome.kept if "self." in one.what and one.code != "NF201"]
        if about:
            return relocated(self.model.source, about[0], origins)
        return diagnose("NF230", self.place.lineno, self.place.col_offset, function=self.weighted[0].written)

    def told(self, outcome: ModelOutcome, words: Words, origins: Origins) -> ModelOutcome:
        """What became of it, at its own lines."""
        moved, line = moved_lines(outcome, self.model.source, origins), self.place.lineno
        said = Converted(line, f"class {self.name} → an nn.Module")
        return replace(moved, line=line, style_before="functional", converted=(said, *moved.converted))


def plain_classes(source: Source, calls: Sequence[FunctionCall]) -> Iterator[PlainClass]:
    """The classes of a file that hand tensors of their own that train to torch as weights, in `calls`."""
    for node in source.tree.body:
        if not isinstance(node, ast.ClassDef) or node.keywords or any(not _is_object(base) for base in node.bases):
            continue
        inside = [call for call in calls if node in source.ancestors(call.node)]
        model = read_class(source, node) if inside else None
        if model is None or model.init is None or not (weighted := tuple(_weighted(model, inside))):
            continue
        tensors = {name: said for name, one in model.attributes.items() if (said := _training(source, one)) is not None}
        if tensors:
            yield PlainClass(model, tensors, weighted)


def _is_object(base: ast.expr) -> bool:
    return isinstance(base, ast.Name) and base.id == "object"


def _weighted(model: Model, calls: Sequence[FunctionCall]) -> Iterator[FunctionCall]:
    for call in calls:
        slots = [call.args.get(slot.name) for slot in call.pairs[0].handed if not slot.given]
        if any(slot is not None and model.self_attribute(slot) for slot in slots):
            yield call


def _training(source: Source, attribute: Attribute) -> Training | None:
    """What an attribute says of a tensor that trains; None where it holds none."""
    for definition in attribute.definitions:
        if isinstance(definition.value, ast.Call) and definition.form == "assign":
            try:
                said = training_of(source, definition.value)
            except Kept:
                continue
            if said.says != "no":
                return said
    return None


def check_plain_class(plain: PlainClass) -> None:
    """Raise Kept where being an nn.Module would change what the class is."""
    model, source = plain.model, plain.model.source
    init = model.init
    assert init is not None
    if model.node.decorator_list:
        raise Kept("NF236", name=model.name, text=source.says(model.node.decorator_list[0]))
    names = {*model.attributes, *model.class_names} - {"forward"}
    taken = {name for name in names if name in MODULE_MEMBERS and name != "parameters"}
    taken |= {name for name in model.class_names if name.startswith("__") and name not in _DUNDER}
    taken |= {name for name in names if name in {"_parameters", "_buffers", "_modules", "__dict__"}}
    if taken:
        raise Kept("NF298", name=model.name, text=f"its own {sorted(taken)[0]}")
    for other in source.every(ast.ClassDef):
        if any(isinstance(base, ast.Name) and base.id == model.name for base in other.bases):
            raise Kept("NF298", other, name=model.name, text=f"class {other.name} derives from it")
    for call in source.every(ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id == "vars":
            raise Kept("NF298", call, name=model.name, text=source.says(call))
    for name in plain.tensors:
        attribute = model.attribute(name)
        if len(attribute.definitions) != 1 or attribute.odd or attribute.definitions[0].method is not init:
            raise Kept("NF208", name=name, count=len(attribute.definitions) + len(attribute.odd))
        for place in source.every(ast.Attribute):
            if place.attr == name and not isinstance(place.ctx, ast.Load) and place not in model.own_nodes:
                raise Kept("NF298", place, name=model.name, text=source.says(source.statement(place))[:60])
    _check_modules(model)
    _check_call(model)
    _check_parameters(plain)


def _check_modules(model: Model) -> None:
    """A module inside would be registered, which it was not."""
    for attribute in model.attributes.values():
        for definition in attribute.definitions:
            if definition.value is None:
                continue
            for node in ast.walk(definition.value):
                path = (model.source.path_of(node) or "") if isinstance(node, ast.Attribute) else ""
                word = path.rpartition(".")[2]
                if path.startswith("torch.nn.") and word[:1].isupper() and word != "Parameter":
                    raise Kept("NF298", definition.statement, name=model.name, text=f"self.{attribute.name}, a module")


def _check_call(model: Model) -> None:
    """`__call__` becomes forward, or is what nn.Module's own is."""
    if "__call__" in model.methods and "forward" in model.methods and not _is_passing_on(model):
        raise Kept("NF298", model.methods["__call__"].node, name=model.name, text="its own __call__ beside forward")
    if model.attribute("__call__").uses or "__init__" not in model.methods:
        raise Kept("NF298", model.node, name=model.name, text="self.__call__")


def _is_passing_on(model: Model) -> bool:
    """`def __call__(self, x): return self.forward(x)`."""
    node, forward = model.methods["__call__"].node, model.methods["forward"].node
    match node.body:
        case [ast.Return(value=ast.Call(func=func, args=args, keywords=[]))]:
            names = [argument.arg for argument in node.args.args[1:]]
            same = ast.unparse(node.args) == ast.unparse(forward.args) or len(node.args.args) == len(forward.args.args)
            return model.self_attribute(func) == "forward" and [ast.unparse(one) for one in args] == names and same
        case _:
            return False


def _check_parameters(plain: PlainClass) -> None:
    """Its own parameters() lists just what trains, in the order of its making, and is read as a generator can be."""
    model, source = plain.model, plain.model.source
    if "parameters" not in model.methods:
        if model.attribute("parameters").definitions or "parameters" in model.class_names:
            raise Kept("NF298", model.node, name=model.name, text="its own parameters")
        return
    match model.methods["parameters"].node.body:
        case [ast.Return(value=ast.List(elts=listed) | ast.Tuple(elts=listed))]:
            names = [model.self_attribute(element) for element in listed]
        case _:
            names = []
    if set(names) != set(plain.tensors) or len(names) != len(plain.tensors):
        raise Kept("NF298", model.methods["parameters"].node, name=model.name, text="its own parameters()")
    for use in source.every(ast.Attribute):
        call = source.parent(use)
        if use.attr != "parameters":
            continue
        if not isinstance(call, ast.Call) or call.func is not use or not drains(source, call):
            raise Kept("NF298", use, name=model.name, text=source.says(source.statement(use))[:60])
        if names != list(plain.tensors) and needs_order_of_call(source, call):
            raise Kept("NF298", use, name=model.name, text=source.says(source.statement(use))[:60])


def write_plain_class(plain: PlainClass, patched: Patched, nn: str) -> None:
    """Add the patches of one class."""
    model, source = plain.model, plain.model.source
    init, node = model.init, model.node
    assert init is not None
    if shares_line(source, node) or init.node.body[0].lineno == init.node.lineno or init.self_name is None:
        raise Kept("NF227", node)
    start = source.span(node).start
    colon = _colon(source, node)
    patched.put(Span(start, colon), f"class {node.name}({nn}.Module)")
    first = init.node.body[0]
    docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    indent = source.lines.indentation(first.lineno)
    line = (first.end_lineno or first.lineno) + 1 if docstring else first.lineno
    place = source.lines.line_span(line).start if line <= source.lines.line_of(len(source.text)) else len(source.text)
    patched.put_rows(Span(place, place), (Row(f"{indent}super().__init__()", first.lineno),))
    for name, training in plain.tensors.items():
        value = model.attribute(name).definitions[0].value
        assert value is not None
        span = source.span(value)
        for cut in training.cuts:
            patched.put(cut, "")
        if training.says != "parameter":
            patched.put(Span(span.start, span.start), f"{nn}.Parameter(")
            patched.put(Span(span.end, span.end), ")")
    _write_methods(model, patched)


def _write_methods(model: Model, patched: Patched) -> None:
    source = model.source
    gone = [model.methods["parameters"]] if "parameters" in model.methods else []
    if "__call__" in model.methods:
        if "forward" in model.methods:
            gone.append(model.methods["__call__"])
        else:
            node = model.methods["__call__"].node
            start = source.text.index("__call__", source.span(node).start)
            patched.put(Span(start, start + len("__call__")), "forward")
    for method in gone:
        last = method.node.end_lineno or method.node.lineno
        first = method.node.lineno
        while first > 1 and not source.text[slice(*_ends(source, first - 1))].strip():
            first -= 1  # the blank lines before it
        patched.put_rows(whole_lines(source, first, last), ())


def _ends(source: Source, line: int) -> tuple[int, int]:
    span = source.lines.line_span(line)
    return span.start, span.end


def _colon(source: Source, node: ast.ClassDef) -> int:
    """Where the head of a class ends."""
    start = source.span(node.bases[-1]).end if node.bases else source.span(node).start + len("class ") + len(node.name)
    return source.text.index(":", start)
