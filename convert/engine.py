"""text → Conversion: the one path through the stages, source → facts → plan → text → imports.

What few files need (functions of parameters, folding, load hooks) is imported when a file needs it.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace

from .diagnostics import Diagnostic, diagnose
from .imports import settle_imports
from .ops import Pair, by_function, by_module
from .outcome import Conversion, Converted, ModelOutcome, Options, StateMove
from .plan.loose import LoosePlan
from .plan.naming import Names
from .plan.plan import Plan
from .plan.spelling import Speller
from .recognise.calls import shown
from .recognise.elsewhere import Elsewhere
from .recognise.family import derived_models
from .recognise.model import Model
from .recognise.surroundings import Surroundings
from .rewrite import rewrite
from .source import Source
from .state import state_map, with_bases, with_children
from .style import Style, style_of


def convert(text: str, options: Options, path: str = "<string>", elsewhere: Elsewhere | None = None) -> Conversion:
    """Convert every model class of a file. Raises CannotRead where the text is not Python.

    `elsewhere` is what the other files of a run do to the classes of this one.
    """
    if options.to == "pure" or options.goal == "func":
        return _convert_to_pure(text, options, path, elsewhere)

    def classes(text: str, options: Options, made: Mapping[str, bool]) -> Conversion:
        return _convert_classes(Source(text, path), options, elsewhere, made)

    def rest(text: str) -> Conversion:
        source = Source(text, path)
        if not _may_hold_sites(text, options):
            return Conversion(text, text)
        if options.to != "functional":
            from .explicit import Inner, convert_explicit

            if found := convert_explicit(source, options, Inner(classes, elsewhere or Elsewhere())):
                return found
        return _convert_classes(source, options, elsewhere, {})

    if ("init_params" in text or "init_buffers" in text) and "training" in text:
        from .from_pure import from_pure

        return from_pure(text, path, options, rest) or rest(text)
    return rest(text)


def _convert_classes(
    source: Source, options: Options, elsewhere: Elsewhere | None, made: Mapping[str, bool], *, families: bool = True
) -> Conversion:
    """Convert the classes of a file; those that are `made` on the way have no checkpoints from before.

    Where `made` says True, not even the names of their attributes are from before.
    """
    text, path = source.text, source.path
    families = families and options.to == "functional" and not options.compat  # a load hook is one class's own
    keyless = frozenset(name for name, is_new in made.items() if is_new)
    surroundings = Surroundings(source, elsewhere, families=families, keyless=keyless)
    speller = Speller(source)
    given: dict[Model, set[str]] = {model: set() for model in surroundings.models}
    plans = [
        _plan(model, surroundings, options, speller, given[(model, *model.bases)[-1]]) for model in surroundings.models
    ]
    loose = _loose(surroundings, options, speller)
    for plan in plans:  # what a method makes for itself is no layer of the class
        plan.kept[:] = [kept for kept in plan.kept if (kept.line, kept.column) not in loose.places]
    outside = tuple(_outside(source, plans, options, loose))
    edits = [*(edit for plan in plans for edit in plan.edits.edits), *loose.edits.edits]
    if not edits or (options.strict and (outside or any(plan.kept for plan in plans))):
        for plan in plans:
            plan.drop()
        return Conversion(text, text, _outcomes(source, plans), outside)
    converted = tuple(_converted(source, plans, loose))
    rewritten = rewrite(source, edits)
    new_text = settle_imports(source, Source(rewritten, path), speller.wanted)
    if options.sequential and options.to == "module":
        from .fold import compose, fold_sequentials

        new_text, folded = fold_sequentials(new_text, path)
        for plan in plans:
            plan.moves = compose(plan.moves, folded[plan.model.name])
            plan.added = [
                key.key for key in compose({k: StateMove(k) for k in plan.added}, folded[plan.model.name]).values()
            ]
    if options.compat:
        new_text = _compatible(new_text, path, [plan for plan in plans if plan.model.name not in made])
    return Conversion(text, new_text, _outcomes(source, plans), outside, converted)


def _loose(surroundings: Surroundings, options: Options, speller: Speller) -> LoosePlan:
    """What becomes of layers that stand outside of attributes, where functions are wanted."""
    if options.to == "module" or options.only:
        return LoosePlan()
    from .to_function.loose import plan_loose

    return plan_loose(surroundings, speller, _is_plain_function if options.to == "recommended" else lambda _: True)


def _converted(source: Source, plans: Sequence[Plan], loose: LoosePlan) -> Iterator[Converted]:
    """What is converted outside of every model; what stands in one is told with that."""
    homes = {plan.model.node: plan for plan in plans}
    for site, what in sorted(loose.converted, key=lambda one: one[0].lineno):
        home = next((homes[around] for around in source.ancestors(site) if around in homes), None)
        if home is None:
            yield Converted(site.lineno, what)
            continue
        home.convert(site, what)
        home.converted.sort(key=lambda one: one.line)


def _compatible(text: str, path: str, plans: Sequence[Plan]) -> str:
    """The new text with load hooks, and a note about each."""
    from .compat import with_load_hooks

    names = [plan.model.name for plan in plans]
    moves = {plan.model.name: state_map(plan) for plan in plans if names.count(plan.model.name) == 1}
    text, notes = with_load_hooks(text, path, moves)
    several = "not made compatible with old checkpoints: the file has several classes of this name"
    notes |= {plan.model.name: several for plan in plans if plan.model.name not in moves and plan.converted}
    for plan in plans:
        plan.notes += [notes[plan.model.name]] if plan.model.name in notes else []
    return text


def _may_hold_sites(text: str, options: Options) -> bool:
    """A search of the text, so that files with nothing to convert cost little more than Python's own parse."""
    words = ("Module", "nn.", "torch.", "F.") if options.to == "module" else ("Module", "nn.", "torch.nn")
    return "torch" in text and any(word in text for word in words)


def _plan(model: Model, surroundings: Surroundings, options: Options, speller: Speller, given: set[str]) -> Plan:
    """`given` are the names that plans of related classes have given."""
    plan = Plan(model)
    if options.only and model.name not in options.only:
        return plan
    names = Names(model, surroundings, options.restore.get(model.name, {}), given)
    if options.to != "functional":
        from .to_module import plan_to_module

        def is_wanted(family: str) -> bool:
            return options.to == "module" or family == "dropout"

        plan_to_module(plan, surroundings, options, names, speller, is_wanted)
    if options.to != "module":
        from .to_function import plan_to_function

        everything = options.to == "functional"
        plan_to_function(
            plan,
            surroundings,
            names,
            speller,
            (lambda _: True) if everything else _is_plain_function,
            everything=everything,
            respell=everything and options.respell,
            expand=options.expand if everything else (),
        )
    if options.to == "functional" and "dropout" in options.fix:
        from .to_function.mend import mend_dropout

        mend_dropout(plan)
    plan.kept.sort(key=lambda item: (item.line, item.column, item.code))
    plan.converted.sort(key=lambda item: item.line)
    return plan


def _is_plain_function(pair: Pair) -> bool:
    """What PyTorch recommends as a function: no parameters, no buffers, no mode."""
    return bool(pair.function) and not pair.slots and pair.mode is None


def _outcomes(source: Source, plans: Sequence[Plan]) -> tuple[ModelOutcome, ...]:
    """What became of every model, each state map with those of its bases and of the children that the file defines.

    A class that stays, and derives from one whose keys have moved or holds such a one, has a map too.
    """
    staying = [Plan(model) for model in derived_models(source, [plan.model for plan in plans])]
    maps = {plan.model: state_map(plan) for plan in (*plans, *staying)}
    own = [(model, with_bases(model, maps)) for model in maps]
    here = [(plan, with_children(plan.model, own)) for plan in plans]
    there = [(plan, with_children(plan.model, own)) for plan in staying]
    return tuple(_outcome(*one) for one in (*here, *(one for one in there if _moves_keys(one[1]))))


def _moves_keys(moves: Mapping[str, StateMove]) -> bool:
    return any(key != move.key or move.transform for key, move in moves.items())


def _outcome(plan: Plan, moves: Mapping[str, StateMove]) -> ModelOutcome:
    before = style_of(plan.model)
    after = Style(before.functions + plan.functions, before.modules + plan.modules)
    return ModelOutcome(
        name=plan.model.name,
        line=plan.model.node.lineno,
        style_before=str(before),
        style_after=str(after),
        converted=tuple(plan.converted),
        kept=tuple(plan.kept),
        state_map=moves,
        added=tuple(plan.added),
        removed=tuple(plan.removed),
        notes=tuple(plan.notes),
    )


def _outside(source: Source, plans: Sequence[Plan], options: Options, loose: LoosePlan) -> Iterator[Diagnostic]:
    """Calls outside every model class: of functions where modules are wanted, of modules where functions are."""
    if options.to == "recommended":
        return
    rows: Container[str] = by_function if options.to == "module" else by_module
    classes = {plan.model.node for plan in plans}
    unused = _covered(source, plans)
    for node in source.every(ast.Call):
        path = source.path_of(node.func)
        if path is not None and path in rows and node not in loose.done and _class_around(source, node) not in classes:
            if not unused.isdisjoint(source.ancestors(node)):
                continue  # all that it built has been converted where it was called
            what = " ".join(source.says(node).split())
            owner = _class_around(source, node)
            if owner is not None and owner.bases and source.says(owner.bases[0]) != "object":
                facts = {"name": owner.name, "text": source.says(owner.bases[0])}
                yield diagnose("NF231", node.lineno, node.col_offset, what=what, model=owner.name, **facts)
            elif rows is by_module and owner is None and (told := loose.told(source, node)) is not None:
                yield diagnose("NF243", node.lineno, node.col_offset, what=what, function=shown(path), **told)
            else:
                yield diagnose("NF230", node.lineno, node.col_offset, what=what, function=shown(path))


def _covered(source: Source, plans: Sequence[Plan]) -> set[ast.FunctionDef]:
    """Functions of the file all of whose layers were converted where they were called."""
    if not any(plan.through for plan in plans):
        return set()
    from .to_function.factories import covered, together

    return covered(source, together(plan.through for plan in plans))


def _class_around(source: Source, node: ast.AST) -> ast.ClassDef | None:
    """The innermost class around a node."""
    return next((around for around in source.ancestors(node) if isinstance(around, ast.ClassDef)), None)


def _convert_to_pure(text: str, options: Options, path: str, elsewhere: Elsewhere | None) -> Conversion:
    """Functions of parameters are made of classes in functional style; what is such a function already stays."""
    from .to_pure import to_pure

    first = replace(options, to="functional", goal=None, strict=False, compat=False)

    def functional(text: str, only: frozenset[str], elsewhere: Elsewhere) -> Conversion:
        source = Source(text, path)
        if not _may_hold_sites(text, first):
            return Conversion(text, text)
        return _convert_classes(source, replace(first, only=only), elsewhere, {}, families=False)

    return to_pure(text, path, functional, options, elsewhere)
