"""Small models of one pair in either style, as source.

Some arguments are passed by position, the others by name; some as values, others as arguments or attributes of the
model.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Mapping, Sequence

from pair_lines import texts

from nnflip.convert.calls import Signature
from nnflip.convert.ops import Pair
from nnflip.convert.shapes import evaluate

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\nclass Net(nn.Module):\n"
DRAWS = ("rand", "randn", "ones")


def as_module(pair: Pair, values: Mapping[str, str], inputs: str, chance: random.Random) -> str:
    """A model in module style."""
    own = {name: value for name, value in values.items() if name in pair.module_signature}
    taken = {f"its_{name}": own[name] for name in own if _elsewhere(own[name], chance)}
    own |= {name.removeprefix("its_"): name for name in taken}
    arguments = _written(pair.module_signature, own, chance) if pair.function else "54, unused=1"
    data = _data(pair.forward_signature.names, inputs)
    call = f"self.layer({_written(pair.forward_signature, data, chance)})"
    return _model(pair, [f"self.layer = nn.{pair.module}({arguments})"], data, call, inputs, taken)


def _elsewhere(value: str, chance: random.Random) -> bool:
    """Whether an argument is to be known by a name only; not where every run of the file would draw it anew."""
    return "rand" not in value and chance.random() < 0.25


def as_function(pair: Pair, values: Mapping[str, str], inputs: str, chance: random.Random) -> str:
    """A model in functional style, from the function's own signature."""
    back = {there: here for here, there in pair.call_renames.items()}
    data = _data([back.get(name, name) for name in pair.forward_signature.names], inputs)
    created, handed = _tensors(pair, values, chance)
    settings = {here: there for here, there in pair.shared.items() if here not in pair.shape_of}
    given = {here: values[there] for here, there in settings.items() if there in values}
    given |= {name: values[name] for name in pair.function_only if name in values}
    given |= {name: chance.choice(allowed) for name, allowed in pair.fixed.items() if allowed[0] != "None"}
    given |= {
        name: f"self.{slot}.shape" if slot in handed and chance.random() < 0.5 else _shape(values[name])
        for name, slot in pair.shape_of.items()
    }
    kept = {name: value for name, value in given.items() if "self" not in value and _elsewhere(value, chance)}
    created += [f"self.its_{name} = {value}" for name, value in kept.items()]
    given |= {name: f"self.its_{name}" for name in kept}
    if pair.mode and chance.random() < 0.9:
        given[pair.mode] = chance.choice(["self.training"] * 4 + ["True", "False"])
    if pair.packing and any(name in handed for name in pair.packing.apart):
        given[pair.packing.switch] = "True"
    spelling = chance.choice([pair.spelling(pair.function_path)] * 3 + [s for s in pair.spellings if s.function])
    everything = {name: value for name, value in (data | handed | given).items() if name in spelling.signature}
    for name in spelling.signature.required:
        everything.setdefault(name, _left_out(pair, name))
    path = spelling.function.replace("torch.nn.functional.", "F.")
    return _model(pair, created, data, f"{path}({_written(spelling.signature, everything, chance)})", inputs)


def _left_out(pair: Pair, name: str) -> str:
    """What a required argument is where nothing is said of it: the constructor's default, or no tensor."""
    return pair.module_signature.default(pair.shared[name]) or "None" if name in pair.shared else "None"


def _written(signature: Signature, values: Mapping[str, str], chance: random.Random) -> str:
    order = [name for name in signature.positional if name in values]
    led = next((i for i, name in enumerate(signature.positional) if name not in values), len(order))
    count = chance.randint(0, led)
    keywords = [f"{name}={value}" for name, value in values.items() if name not in order[:count]]
    return ", ".join([*(values[name] for name in order[:count]), *keywords])


def _data(names: Sequence[str], inputs: str) -> dict[str, str]:
    """What the forward method hands on: no leaves, so that functions may work in place; no gradient for targets."""
    given = {name: text for name, text in zip(names, texts(inputs), strict=False) if text != "None"}
    again = {text[5:-1] for text in given.values() if text.startswith("same(")}
    return {name: f"{name}_again" if name in again else _handed(name, text) for name, text in given.items()}


def _handed(name: str, value: str) -> str:
    if value[0] == "[" or value in {"True", "False"}:
        return value
    if value.startswith("same("):  # the very tensor that another argument is
        return f"{value[5:-1]}_again"
    return f"{name}.detach()" if "target" in name else f"{name}.clone()" if "mask" in name else f"{name} * 1"


def _model(
    pair: Pair,
    created: Sequence[str],
    data: Mapping[str, str],
    call: str,
    inputs: str,
    taken: Mapping[str, str] | None = None,
) -> str:
    """The source of a model whose __init__ takes these arguments.

    A norm's input has its axes counted, which tells how many dimensions it norms.
    """
    arguments = [name for name, value in data.items() if value.startswith((f"{name}.", f"{name} ", f"{name}_again"))]
    shared = sorted({value for value in data.values() if value.endswith("_again")})
    before = [f"{name} = {name.removesuffix('_again')} * 1" for name in shared] + _counted(pair, inputs)
    body = "".join(f"        {statement}\n" for statement in ["super().__init__()", *created])
    rows = "".join(f"        {statement}\n" for statement in [*before, f"return {call}"])
    own = ", ".join(["self", *(f"{name}={value}" for name, value in (taken or {}).items())])
    return f"{HEAD}    def __init__({own}):\n{body}\n    def forward(self, {', '.join(arguments)}):\n{rows}"


def _counted(pair: Pair, inputs: str) -> list[str]:
    first = ast.parse(f"({inputs},)", mode="eval").body.elts[0]  # type: ignore[attr-defined]
    maker = first.left if isinstance(first, ast.BinOp) else first
    return [f"{', '.join('abcde'[: len(maker.args)])} = input.shape"] if pair.ranks else []


def _shape(text: str) -> str:
    return text if text[0] in "([" else f"({text},)"


def _tensors(pair: Pair, values: Mapping[str, str], chance: random.Random) -> tuple[list[str], dict[str, str]]:
    """The statements that make the tensors of a layer, and the function's arguments that name them."""
    created: list[str] = []
    handed: dict[str, str] = {}
    some = {flag: chance.random() < 0.7 for flag in pair.flags}
    defaults = {p.name: p.default for p in pair.module_signature.params if p.default is not None}
    sizes, absent = defaults | dict(values), tuple[str, ...]()
    if pair.packing is not None:
        sizes = pair.packing.settled(sizes)
        absent = pair.packing.packed if chance.random() < 0.5 else pair.packing.apart
    for slot in pair.handed:
        if slot.given:
            if slot.name not in values:
                continue
            made = values[slot.name]
        elif slot.name in absent or not all(some[flag] for flag in slot.when):
            continue
        else:
            axes = ", ".join(evaluate(slot.shape, sizes, spatial=pair.spatial))
            made = f"torch.{chance.choice(DRAWS)}({axes})"
        if slot.kind == "buffer":
            created.append(f"self.register_buffer('{slot.name}', {made})")
        else:
            created.append(f"self.{slot.name} = nn.Parameter({made})")
        handed[slot.name] = f"self.{slot.name}"
    return created, handed
