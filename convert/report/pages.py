"""The pages that `explain` prints: one about a code, or one about a pair of the op table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..diagnostics.code import Code
from ..ops import OneWay, Pair, Slot
from .page import Page, Section


def code_page(row: Code) -> Page:
    """What a diagnostic says, why it is said, and what to do."""
    return Page(
        f"{row.code} {row.slug}",
        "",
        (
            Section("Says", (re.sub(r"\{(\w+)\}", r"<\1>", row.says),)),
            Section("Why", (row.why,)),
            Section("Cure", (re.sub(r"\{(\w+)\}", r"<\1>", row.cure),)),
        ),
    )


def one_way_page(row: OneWay) -> Page:
    """Why a name has no twin."""
    sections = Section("Why", (row.reason,)), Section("Cure", (row.cure,))
    close = f", close with {row.flag}" if row.flag else ""
    return Page(short(row.path), f"{row.family}; has no twin{close}", sections)


def pair_page(pair: Pair) -> Page:
    """Both signatures, what maps to what, the shapes of parameters, the training mode, the traps."""
    built = f"{short(pair.module_path)}({pair.module_signature})({pair.forward_signature})"
    called = _called(pair) if pair.function else str(pair.function_signature)
    slots = tuple(_slot_row(slot, pair) for slot in pair.slots)
    return Page(
        f"{short(pair.module_path)} ↔ {short(pair.function_path) or 'its argument'}",
        pair.family,
        (
            Section("As a module", (built,), code=True),
            Section("As a function", (called,), code=True),
            Section("Also written", tuple(_other_spellings(pair))),
            Section("What maps to what", heads=("function", "module"), rows=tuple(_mapping(pair))),
            Section("Parameters and buffers", heads=("name", "shape"), rows=slots),
            Section("Training mode", tuple(_mode(pair))),
            Section("Converts", tuple(_ways(pair))),
            Section("Traps", (*_default_traps(pair), *pair.traps)),
        ),
    )


def function_page(pairs: Sequence[Pair]) -> Page:
    """A function that serves several modules: what tells which of them a call means."""
    first = pairs[0]
    built = {str(pair.module_signature): pair for pair in reversed(pairs)}
    constructors = [f"{short(pair.module_path)}({text})" for text, pair in reversed(built.items())]
    names = [short(pair.module_path) for pair in pairs]
    return Page(
        f"{short(first.function_path)} ↔ {_listed(names) if len(names) < 4 else f'{len(names)} modules'}",
        first.family,
        (
            Section("As a function", (_called(first),), code=True),
            Section("Also written", tuple(_other_spellings(first))),
            Section("As a module", tuple(constructors), code=True),
            Section(
                "Which module", heads=("module", "where"), rows=tuple(zip(names, map(_told_by, pairs), strict=True))
            ),
            Section("Training mode", tuple(_mode(first))),
            Section("Converts", ("both ways, bit for bit; explain tells more of each module",)),
            Section("Traps", tuple(trap for trap in first.traps if all(trap in pair.traps for pair in pairs))),
        ),
    )


def _told_by(pair: Pair) -> str:
    """What a call shows where it means this module."""
    told = [f"{name} is {' or '.join(texts)}" for name, texts in pair.fixed.items()]
    told += [f"{name} has {count} entries" for name, count in pair.lengths.items()]
    if pair.ranks:
        told.append(f"the input has {' or '.join(map(str, pair.ranks))} dimensions")
    if pair.ways == "to_function":
        told.append(f"from module only: {pair.note}")
    return ", ".join(told) or "in any other case"


def _called(pair: Pair) -> str:
    return f"{short(pair.function_path)}({pair.function_signature})"


def short(path: str) -> str:
    """A dotted path as people write it: `nn.Conv2d`, `F.conv2d`, `torch.flatten`."""
    return path.replace("torch.nn.functional.", "F.").replace("torch.nn.", "nn.")


def _other_spellings(pair: Pair) -> Iterator[str]:
    for spelling in pair.spellings:
        name = spelling.function or f"Tensor.{spelling.method}"
        fixed = "".join(f", means {key}={value}" for key, value in spelling.fixed.items())
        rounding = "" if spelling.exact else ", equal within rounding only"
        note = f": {spelling.note}" if spelling.note else ""
        yield f"{short(name)}({spelling.signature}){fixed}{rounding}{note}"
    for text in pair.respelled:
        yield f"{text}, with the weight transposed: close, with --respell"


def _mapping(pair: Pair) -> Iterator[tuple[str, str]]:
    signature = pair.function_signature
    for name in signature.names:
        if name in pair.data:
            yield name, f"{pair.call_renames.get(name, name)}, an argument of the call"
        elif any(slot.name == name for slot in pair.handed):
            yield name, f"self.{next(slot.key for slot in pair.handed if slot.name == name)} of the layer"
        elif pair.packing is not None and name == pair.packing.switch:
            yield name, f"whether {_listed([*pair.packing.sizes])} of the constructor differ"
        elif name == pair.mode:
            yield name, "self.training of the layer"
        elif name in pair.shared:
            yield name, f"{pair.shared[name]} of the constructor"
        elif name in pair.shape_of:
            yield name, f"the shape of {pair.shape_of[name]}"
        elif name in pair.fixed:
            yield name, f"always {' or '.join(pair.fixed[name])}"
        elif name in pair.function_only:
            yield name, f"none: {pair.function_only[name]}"
    solved = [name for name in pair.solved if name not in pair.shared.values()]
    for label, names in (
        ("shapes of the tensors", solved),
        ("whether they are given", pair.flags),
        ("how they are created", (*pair.initial, *pair.factory)),
    ):
        if names:
            yield label, f"{_listed(names)} of the constructor"
    for name, reason in pair.module_only.items():
        yield "none", f"{name} of the constructor: {reason}"
    if pair.swap is not None:
        yield "none", f"{pair.swap.flag} of the constructor: axes are swapped before and after the function"
    for name, reason in pair.call_only.items():
        yield "none", f"{name} of the call: {reason}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _slot_row(slot: Slot, pair: Pair) -> tuple[str, str]:
    if slot.given:
        return slot.key, f"as given, a {slot.kind}, if it is given"
    spatial = pair.spatial
    sides = ", ".join(
        ", ".join(f"{word[1:]}[{axis}]" for axis in range(spatial)) if word.startswith("*") and spatial else word
        for word in slot.shape.split()
    )
    conditions = [*slot.when]
    if pair.packing is not None and slot.name in pair.packing.packed:
        conditions.append(f"{_listed([*pair.packing.sizes])} are {_listed(sorted({*pair.packing.sizes.values()}))}")
    if pair.packing is not None and slot.name in pair.packing.apart:
        conditions.append(f"{_listed([*pair.packing.sizes])} are not")
    when = f", if {' and '.join(conditions)}" if conditions else ""
    return slot.key, f"({sides}), a {slot.kind}{when}"


def _mode(pair: Pair) -> Iterator[str]:
    if pair.mode is None:
        return
    yield (
        f"The module follows train() and eval(). The function follows its argument {pair.mode}: only "
        f"{pair.mode}=self.training means the same."
    )
    if pair.mode_default is not None:
        yield f"Left out, it is {pair.mode_default}, whatever the mode of the model."
    if pair.mode_needs is not None:
        yield f"With {pair.mode_needs}=False the module always passes True."


def _ways(pair: Pair) -> Iterator[str]:
    if pair.ways == "both":
        yield "both ways, bit for bit" + (f"; {pair.note}" if pair.note else "")
        yield from _conditions(pair)
    else:
        direction = "to functional" if pair.ways == "to_function" else "to module"
        yield f"{direction} only, bit for bit" + (f": {pair.note}" if pair.note else "")


def _conditions(pair: Pair) -> Iterator[str]:
    """What the source must show, beside that arguments of the constructor do not change."""
    if pair.mode is not None:
        yield f"to module where {pair.mode}=self.training is written"
    if pair.ranks:
        yield f"to module where the input is seen to have {' or '.join(map(str, pair.ranks))} dimensions"
    if pair.other_ranks:
        yield "either way where the input is seen to have a batch axis"
    if pair.swap is not None:
        slow = [f"{name}={text}" for name, text in pair.swap.slow.items()]
        yield (
            f"to functional with {pair.swap.flag}=True where {', '.join(slow)}, an odd {pair.swap.odd} or other sizes "
            f"are written; else under --respell: {pair.swap.faster.partition(' (')[0]}"
        )
    for name, count in pair.lengths.items():
        yield f"to module where {name} is written with {count} entries"


def _default_traps(pair: Pair) -> Iterator[str]:
    for name, (function, module) in pair.other_defaults.items():
        theirs = "is required" if function is None else f"is {function} by default"
        ours = "is required" if module is None else f"is {module} by default"
        yield f"{name} {theirs} in the function and {ours} in the module."
    for name, template in pair.for_none.items():
        yield f"{name}=None of the module is {name}={template.format(counter='num_batches_tracked')} in the function."
    for names, reason in pair.together.items():
        yield f"{_listed(names)} together stay as they are: {reason}."
    if pair.ascending:
        yield f"The constructor wants {' < '.join(pair.ascending)}, and the function does not."
    if pair.padding_modes:
        modes = " or ".join(map(repr, pair.padding_modes))
        yield f"padding_mode={modes} is F.pad(input, …, mode=…) before the function."
    for name, values in pair.not_values.items():
        for value, reason in values.items():
            yield f"{name}={value} has no functional form: {reason}."
