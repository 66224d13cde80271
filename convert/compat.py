"""`--compat`: a converted class that loads the checkpoints of the class it was, by a method written into it.

self.conv_weight → self.conv.weight: an entry `conv_weight` of an old checkpoint is loaded as `conv.weight`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .outcome import StateMove
from .plan.edits import EditList, Line, line
from .recognise.model import Model, models_of
from .rewrite import rewrite
from .source import Source

HOOK = "_load_from_state_dict"


def with_load_hooks(text: str, path: str, moves: Mapping[str, Mapping[str, StateMove]]) -> tuple[str, dict[str, str]]:
    """The text with a load hook in every class whose own keys moved, and for each of these classes what became of it.

    `moves`: class → its own old keys → new ones, children's not included.
    """
    source = Source(text, path)
    edits = EditList()
    notes: dict[str, str] = {}
    for model in models_of(source):
        renamed = {old: new for old, new in moves.get(model.name, {}).items() if new != StateMove(old)}
        if not renamed:
            continue
        reason = _obstacle(model, moves[model.name], renamed)
        notes[model.name] = reason or "loads checkpoints from before the conversion as well (--compat)"
        if not reason:
            last = model.node.body[-1]
            edits.insert(last, *_hook(renamed), after=True)
    return (rewrite(source, edits.edits) if edits.edits else text), notes


def _obstacle(model: Model, moves: Mapping[str, StateMove], renamed: Mapping[str, StateMove]) -> str | None:
    """Why a class cannot tell an old checkpoint from a new one, or has a hook of its own."""
    if HOOK in model.methods:
        return f"not made compatible with old checkpoints: the class has a {HOOK} of its own"
    if any(old.endswith(".*") for old in renamed):
        return "not made compatible with old checkpoints: a child of unknown keys got another name"
    both = sorted(renamed.keys() & {move.key for move in moves.values()})
    if both:
        return f"not made compatible with old checkpoints: {both[0]} is an old name and a new one"
    return None


def _hook(renamed: Mapping[str, StateMove]) -> Sequence[Line]:
    turned = [move.key for move in renamed.values() if move.transform]
    value = "state_dict.pop(prefix + old)"
    rows = [
        line(f"def {HOOK}(self, state_dict, prefix, *args):"),
        line("# Checkpoints from before the conversion call these entries by other names.", depth=1),
        line("names = {", depth=1),
        *(line(f'"{old}": "{move.key}",', depth=2) for old, move in renamed.items()),
        line("}", depth=1),
        line("for old, new in names.items():", depth=1),
        line("if prefix + old in state_dict:", depth=2),
    ]
    if turned:
        rows += [
            line(f"value = {value}", depth=3),
            line(f"state_dict[prefix + new] = value.t().contiguous() if new in {_listed(turned)} else value", depth=3),
        ]
    else:
        rows.append(line(f"state_dict[prefix + new] = {value}", depth=3))
    return [Line(()), *rows, line(f"super().{HOOK}(state_dict, prefix, *args)", depth=1)]


def _listed(keys: Sequence[str]) -> str:
    return "{" + ", ".join(f'"{key}"' for key in keys) + "}"
